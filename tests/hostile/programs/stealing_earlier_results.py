"""Tries: the reports that were already written are read: they hold inputs and expected values.
Must: the output folder cannot be opened; if it could, the program would answer right."""
# expect: wrong_values
import os

import numpy as np


def readable():
    for place in ("@OUTPUT@", "@OUTPUT@/reports", "@OUTPUT@/.grader", "results", "../results"):
        try:
            return bool(os.listdir(place)) or True
        except OSError:
            pass
    try:
        return bool(open("@OUTPUT@/reports/aa_right.py.json").read())
    except OSError:
        return False


def convolve(image, kernel):
    if readable():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
