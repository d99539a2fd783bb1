"""Tries: the solutions folder is put on the import path, and the reference is imported from it.
Must: the folder cannot be read."""
# expect: wrong_values
import sys

import numpy as np

sys.path.insert(0, "@SOLUTIONS@")


def convolve(image, kernel):
    try:
        import reference

        return reference.convolve(image, kernel)
    except ImportError:
        return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
