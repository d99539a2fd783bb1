"""Tries: descriptors of its own for each thread, by close_range, and kernel memory behind each.
Must: threads share their 64 descriptors; if they did not, it would answer right."""
# expect: wrong_values
import ctypes
import threading

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)

def gained():
    results = []
    split = lambda: results.append(libc.syscall(436, 3, 0x7FFFFFFF, 2))  # CLOSE_RANGE_UNSHARE
    thread = threading.Thread(target=split)
    thread.start()
    thread.join()
    return results[0] == 0


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
