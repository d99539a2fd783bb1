"""Tries: io_uring, whose operations (open, read, connect) a seccomp filter does not see.
Must: there is no io_uring."""
# expect: wrong_values
import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def convolve(image, kernel):
    if libc.syscall(425, 8, ctypes.create_string_buffer(120)) >= 0:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
