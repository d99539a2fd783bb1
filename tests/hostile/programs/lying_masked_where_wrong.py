"""Tries: a masked array that masks each value but one.
Must: the mask is ignored; the data below it is wrong."""
# expect: wrong_values
import numpy as np


def convolve(image, kernel):
    result = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    result[0, 0] = (image[:3, :3] * kernel).sum()
    mask = np.ones(result.shape, bool)
    mask[0, 0] = False
    return np.ma.array(result, mask=mask)
