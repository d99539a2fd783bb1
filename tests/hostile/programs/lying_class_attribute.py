"""Tries: an object claims through __class__ to be an ndarray, which isinstance believes.
Must: the type itself is asked, and it is no array."""
# expect: wrong_type
import numpy as np


class Pretender:
    __class__ = np.ndarray
    dtype = np.dtype(float)
    size = 1

    def __init__(self, shape):
        self.shape = shape

    def view(self, *args):
        return self

    astype = tobytes = view

    def __eq__(self, other):
        return np.True_

    __hash__ = None


def convolve(image, kernel):
    return Pretender((image.shape[0] - 2, image.shape[1] - 2))
