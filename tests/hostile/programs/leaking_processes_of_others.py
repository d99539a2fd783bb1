"""Tries: which processes there are, and with what priority, limits and processors.
Must: nothing is told of any but itself; if it were, the answer would be right."""
# expect: wrong_values
import os
import resource

import numpy as np

def gained():
    other = os.getppid()
    asked = (
        lambda: os.getpriority(os.PRIO_PROCESS, other),
        lambda: os.getpriority(os.PRIO_USER, 0),
        lambda: os.sched_getaffinity(other),
        lambda: os.sched_getscheduler(other),
        lambda: os.sched_getparam(other),
        lambda: os.getpgid(other),
        lambda: os.getsid(other),
        lambda: resource.prlimit(other, resource.RLIMIT_AS),
    )
    for ask in asked:
        try:
            ask()
        except OSError:
            continue
        return True
    return False


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
