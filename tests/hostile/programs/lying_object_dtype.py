"""Tries: an array of objects, each of which agrees with whatever number it is compared with.
Must: objects are never sent, and an array of them is a wrong type."""
# expect: wrong_type
import numpy as np


class Agreeable(float):
    def __sub__(self, other):
        return Agreeable(0)

    __rsub__ = __sub__

    def __abs__(self):
        return self

    def __le__(self, other):
        return True

    def __reduce__(self):
        return eval, ("__import__('os').kill(__import__('os').getpid(), 9)",)


def convolve(image, kernel):
    result = np.empty((image.shape[0] - 2, image.shape[1] - 2), object)
    result.fill(Agreeable(1))
    return result
