"""Tries: memory that the kernel may not take away, by a flag of mmap instead of mlock.
Must: nothing can be locked; if it could, the answer would be right."""
# expect: wrong_values
import mmap

import numpy as np

def gained():
    locked = 0x2000  # MAP_LOCKED
    try:
        return bool(mmap.mmap(-1, 1 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | locked))
    except OSError:
        return False


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
