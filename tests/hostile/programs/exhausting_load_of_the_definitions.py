"""Tries: a loop without end in a default value, which belongs to the definition.
Must: loading is ended at its limit, twice."""
# expect: timed_out
import itertools

import numpy as np


def convolve(image, kernel, more=sum(itertools.repeat(1))):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
