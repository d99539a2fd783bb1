"""Tries: the same wait, by futex_waitv and by the newer futex_wait.
Must: neither exists; if one did, the answer would be right."""
# expect: wrong_values
import ctypes
import errno

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    for number in (449, 455):
        libc.syscall(number, None, 0, 0, None, 0, 0)
        if ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM):
            return True
    return False


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
