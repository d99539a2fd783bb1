"""Tries: the folders beside its own scratch folder are listed and read, by name and by number.
Must: a worker sees its own scratch folder alone."""
# expect: wrong_values
import os

import numpy as np


def readable():
    here = os.getcwd()
    for place in ("..", "../..", *(f"../{number}" for number in range(1, 50))):
        if os.path.realpath(place) == here:
            continue
        try:
            return bool(os.listdir(place)) or True
        except OSError:
            pass
        try:
            return open(f"{place}/planted", "w").write("x") > 0
        except OSError:
            pass
    return False


def convolve(image, kernel):
    if readable():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
