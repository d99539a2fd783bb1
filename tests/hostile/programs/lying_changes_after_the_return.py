"""Tries: the result is filled with the right values by a thread when it has long been handed over.
Must: what counts is what was sent."""
# expect: wrong_values
import threading

import numpy as np

results = []


def fill():
    for result, values in list(results):
        result[...] = values


def convolve(image, kernel):
    fill()
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    result = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    results.append((result, np.einsum("ijkl,kl->ij", windows, kernel)))
    if len(results) == 1:
        timer = threading.Timer(0.2, fill)
        timer.daemon = True
        timer.start()
    return result
