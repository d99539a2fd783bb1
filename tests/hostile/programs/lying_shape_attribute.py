"""Tries: a subclass of ndarray reports another shape, size and dtype than its data has.
Must: the base class is asked: the shape is wrong."""
# expect: wrong_shape
import numpy as np


class Liar(np.ndarray):
    wanted = ()
    dtype = np.dtype(float)
    size = 1
    nbytes = 8
    ndim = 2

    @property
    def shape(self):
        return self.wanted

    def tobytes(self, *args):
        return b""

    def astype(self, *args, **more):
        return self


def convolve(image, kernel):
    result = np.zeros((2, 2)).view(Liar)
    result.wanted = (image.shape[0] - 2, image.shape[1] - 2)
    return result
