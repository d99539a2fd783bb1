"""Tries: a thread with descriptors of its own, by the newer clone3, which no filter looks into.
Must: clone3 does not exist; if it did, the answer would be right."""
# expect: wrong_values
import ctypes
import errno

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    # A thread that shares no memory is impossible: only where there is clone3, it says EINVAL.
    arguments = (ctypes.c_uint64 * 11)(0x10000)
    libc.syscall(435, arguments, ctypes.sizeof(arguments))
    return ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM)


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
