"""Tries: the next question is read from the socket ahead of the worker, to prepare for its inputs.
Must: there is none before this one is answered; if there were, it would answer right."""
# expect: wrong_values
import os

import numpy as np

def gained():
    os.set_blocking(3, False)
    try:
        return len(os.read(3, 1 << 20)) > 0
    except BlockingIOError:
        return False
    finally:
        os.set_blocking(3, True)


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
