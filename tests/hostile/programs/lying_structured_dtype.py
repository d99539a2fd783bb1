"""Tries: a record array hides two fields in one value, and one of them is named like the array's
own attributes.
Must: a structured array is a wrong type."""
# expect: wrong_type
import numpy as np


def convolve(image, kernel):
    return np.zeros(
        (image.shape[0] - 2, image.shape[1] - 2), [("shape", "f8"), ("dtype", "i4")]
    ).view(np.recarray)
