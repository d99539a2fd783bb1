"""Tries: a subclass of ndarray answers every function of numpy with True.
Must: its plain data is sent and compared, and is wrong."""
# expect: wrong_values
import numpy as np


class Agreeable(np.ndarray):
    def __array_function__(self, *args, **more):
        return True

    def __array_ufunc__(self, *args, **more):
        return True

    def __eq__(self, other):
        return True

    __hash__ = None


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2)).view(Agreeable)
