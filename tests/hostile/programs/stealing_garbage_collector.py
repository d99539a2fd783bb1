"""Tries: every object that the garbage collector knows is searched for expected arrays and a
reference solution.
Must: there is none in this process, and there never was one before the fork."""
# expect: wrong_values
import gc

import numpy as np


def convolve(image, kernel):
    shape = (image.shape[0] - 2, image.shape[1] - 2)
    for thing in gc.get_objects():
        values = (
            thing.values() if type(thing) is dict else thing if type(thing) in (list, tuple) else ()
        )
        for value in list(values):
            if type(value) is np.ndarray and value.shape == shape:
                return value
            if type(value).__name__ == "function" and value.__name__ in (
                "reference",
                "expected",
                "correlate2d",
            ):
                return value(image, kernel)
    return np.zeros(shape)
