"""Tries: as many axes as numpy has, all of length one around the result.
Must: it is a wrong shape, or more axes than are sent."""
# expect: wrong_shape, invalid_output
import numpy as np


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2)).reshape(
        (1,) * 30 + (image.shape[0] - 2, -1)
    )
