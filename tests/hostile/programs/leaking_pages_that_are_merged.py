"""Tries: pages that the kernel merges with equal ones of others: writing to them then is slow.
Must: no page is offered for merging; if one were, the answer would be right."""
# expect: wrong_values
import ctypes
import mmap

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    memory = mmap.mmap(-1, 1 << 20)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(1 << 20), 12) == 0


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
