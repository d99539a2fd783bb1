"""Tries: an object with __array__, __array_interface__ and the buffer protocol gives other values
to each asker.
Must: nobody asks it; it is no array."""
# expect: wrong_type
import numpy as np


class Chameleon:
    def __init__(self, image, kernel):
        self.image, self.kernel, self.asked = image, kernel, 0

    def __array__(self, dtype=None, copy=None):
        self.asked += 1
        windows = np.lib.stride_tricks.sliding_window_view(self.image, self.kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, self.kernel) * (self.asked > 1)

    @property
    def __array_interface__(self):
        return self.__array__().__array_interface__

    def __getattr__(self, name):
        return getattr(self.__array__(), name)


def convolve(image, kernel):
    return Chameleon(image, kernel)
