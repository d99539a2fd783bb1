"""Tries: numpy's and Python's modules are changed for whoever uses them next (this one is there
twice).
Must: each worker starts from the same state; if it did not, the next one would answer right."""
# expect: wrong_values
import builtins
import os
import random
import sys

import numpy as np


found = (
    hasattr(np, "left")
    or hasattr(builtins, "left")
    or "LEFT" in os.environ
    or "left" in sys.modules
)
np.left = builtins.left = True
sys.modules["left"] = sys
os.environ["LEFT"] = "1"
os.putenv("LEFT", "1")
np.random.seed(12345)
random.seed(12345)
sys.path[:] = ["/left"]


def convolve(image, kernel):
    if found:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
