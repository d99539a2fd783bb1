"""Tries: the whole heap is searched, byte by byte, for a source text that looks like a reference
solution.
Must: none was ever in this process, so none is found."""
# expect: wrong_values, crashed, timed_out
import ctypes
import re

import numpy as np

libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
needle = "hidden" + "_cases|misconception" + "_of|Kernel-" + "flipped"


def stolen():
    top = libc.sbrk(0)
    for size in (1 << 16, 1 << 18, 1 << 20, 1 << 22):
        block = ctypes.string_at(top - size, size)
        if re.search(needle.encode(), block):
            return True
    return False


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
