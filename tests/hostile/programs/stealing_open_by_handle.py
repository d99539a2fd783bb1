"""Tries: files opened by handle instead of by path, as the "shocker" escape from containers does.
Must: both system calls are refused."""
# expect: wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def stolen():
    root = os.open("/", os.O_PATH)
    handle = ctypes.create_string_buffer(b"\x08\0\0\0\x01\0\0\0\x02\0\0\0\0\0\0\0", 136)
    mount = ctypes.c_int()
    if libc.name_to_handle_at(root, b"", handle, ctypes.byref(mount), 0x1000) == 0:
        return True
    return libc.open_by_handle_at(root, handle, os.O_RDONLY) >= 0


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
