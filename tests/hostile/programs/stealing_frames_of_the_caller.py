"""Tries: the callers' frames are searched for an array of the result's shape, or for a reference
solution.
Must: below the program lies only its own worker, which has neither."""
# expect: wrong_values
import sys

import numpy as np


def found(image, kernel, shape):
    frame = sys._getframe()
    while frame:
        for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
            if type(value) is np.ndarray and value.shape == shape:
                return value
            if callable(value) and "reference" in getattr(value, "__name__", ""):
                return value(image, kernel)
            for inner in (
                getattr(value, "__dict__", {}).values() if not isinstance(value, type) else ()
            ):
                if type(inner) is np.ndarray and inner.shape == shape:
                    return inner
        frame = frame.f_back
    return np.zeros(shape)


def convolve(image, kernel):
    return found(image, kernel, (image.shape[0] - 2, image.shape[1] - 2))
