"""Tries: an object that is no array takes part in every ufunc and reports no difference.
Must: what is no array is a wrong type."""
# expect: wrong_type
import numpy as np


class Duck:
    dtype = np.dtype(float)
    ndim = 2
    size = 36

    def __init__(self, shape):
        self.shape = shape

    def __array_ufunc__(self, *args, **more):
        return np.zeros(self.shape)

    def __array_function__(self, *args, **more):
        return True


def convolve(image, kernel):
    return Duck((image.shape[0] - 2, image.shape[1] - 2))
