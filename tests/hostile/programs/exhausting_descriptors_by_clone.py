"""Tries: a thread that is cloned without sharing the descriptors, on a stack of its own.
Must: there is no such thread; if there were, it would answer right."""
# expect: wrong_values
import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
stack = ctypes.create_string_buffer(1 << 16)
SHARED = 0x100 | 0x200 | 0x800 | 0x10000 | 0x40000  # all that threads share, but the descriptors


def gained():
    top = ctypes.c_void_p(ctypes.addressof(stack) + (1 << 16) - 64)
    return libc.clone(libc.pause, top, SHARED, None) > 0


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
