"""Tries: another answer for a file of another name: the same bytes, and another grade.
Must: the code meets the same name whatever the file is called; if it met its own, it would be
right."""
# expect: wrong_values
import os
import sys
import traceback

import numpy as np

def names():
    yield str(globals().get("__file__"))  # a notebook has none
    yield from sys.argv
    yield names.__code__.co_filename
    yield from os.listdir(".")
    yield from (str(module) for module in sys.modules.values())
    try:
        raise ValueError
    except ValueError:
        yield traceback.format_exc()


def gained():
    return any("overfitting" in name or "the_file" in name for name in names())


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
