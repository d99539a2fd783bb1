"""Tries: thousands of signals that wait in the kernel: all processes of a user share its room.
Must: no more than 64 wait; if more did, the answer would be right."""
# expect: wrong_values
import os
import signal

import numpy as np

NUMBERS = range(signal.SIGRTMIN, signal.SIGRTMAX + 1)


def gained():
    signal.pthread_sigmask(signal.SIG_BLOCK, NUMBERS)
    for each in range(400):
        os.kill(os.getpid(), NUMBERS[each % len(NUMBERS)])
    waited = 0
    while signal.sigtimedwait(NUMBERS, 0):
        waited += 1
    return waited > 100


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
