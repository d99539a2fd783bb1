"""Tries: GRADER_SECRET is looked for in os.environ, in libc's environ, and in the process's first
stack.
Must: the process was started without it."""
# expect: wrong_values, crashed
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p


def stolen():
    if (
        "GRADER_SECRET" in os.environ
        or b"GRADER_SECRET" in os.environb
        or libc.getenv(b"GRADER_SECRET")
    ):
        return True
    first = ctypes.c_void_p.in_dll(libc, "__environ").value
    pointers = ctypes.cast(first, ctypes.POINTER(ctypes.c_char_p))
    number = 0
    while pointers[number]:
        if b"GRADER" in pointers[number]:
            return True
        number += 1
    # The strings themselves, and what lies around them: an emptied environment leaves its text there.
    end = ctypes.c_void_p.in_dll(
        libc, "_dl_argv" if hasattr(libc, "_dl_argv") else "__environ"
    ).value
    return b"GRADER_SECRET=" in ctypes.string_at(end, 2000)


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
