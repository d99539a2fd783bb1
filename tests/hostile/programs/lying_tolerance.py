"""Tries: numpy's and Python's idea of precision is changed: finfo, error state, print options,
float's text.
Must: the tolerance is the grader's; one part in a thousand is too much."""
# expect: wrong_values
import sys

import numpy as np

np.seterr(all="ignore")
np.set_printoptions(precision=0)
np.finfo = lambda *args: type("finfo", (), {"eps": 1e9, "resolution": 1e9})
sys.float_info = type("float_info", (), {"epsilon": 1e9})


def convolve(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel) * 1.001 + 1e-2
