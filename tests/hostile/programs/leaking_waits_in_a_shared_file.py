"""Tries: a wait in a page of the C library, which all workers share, until another one wakes it.
Must: waiting returns at once; if it lasted, the answer would be right."""
# expect: wrong_values
import ctypes
import errno

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    place = ctypes.cast(libc.getpid, ctypes.c_void_p).value & ~3
    value = ctypes.c_uint32.from_address(place).value
    moment = (ctypes.c_long * 2)(0, 1_000_000)
    for operation in (0, 9):  # FUTEX_WAIT, FUTEX_WAIT_BITSET: of one millisecond
        libc.syscall(202, ctypes.c_void_p(place), operation, value, moment, None, -1)
        if ctypes.get_errno() == errno.ETIMEDOUT:
            return True
    return False


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
