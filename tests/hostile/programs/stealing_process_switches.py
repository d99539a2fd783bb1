"""Tries: prctl, personality and capset turn the process into one that may do more.
Must: none of the switches moves."""
# expect: wrong_values
import ctypes
import resource

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def stolen():
    tries = [
        libc.prctl(4, 1, 0, 0, 0),  # PR_SET_DUMPABLE
        libc.prctl(0x59616D61, -1, 0, 0, 0),  # PR_SET_PTRACER
        libc.prctl(1, 0, 0, 0, 0),  # PR_SET_PDEATHSIG: outlive the template
        libc.prctl(22, 0, 0, 0, 0),  # PR_SET_SECCOMP
        libc.prctl(36, 1, 0, 0, 0),  # PR_SET_CHILD_SUBREAPER
        libc.personality(0x0040000),
        libc.setuid(0) if libc.getuid() else -1,
        libc.setsid(),
        libc.setpriority(0, 0, -20),
    ]
    for which in (
        resource.RLIMIT_AS,
        resource.RLIMIT_CPU,
        resource.RLIMIT_NOFILE,
        resource.RLIMIT_FSIZE,
    ):
        try:
            resource.setrlimit(which, (1 << 20, resource.getrlimit(which)[1]))
            tries.append(0)
        except (OSError, ValueError):
            pass
    return any(result >= 0 for result in tries)


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
