"""Tries: a masked array with everything masked: comparisons with it are masked too, and all() of
nothing is true.
Must: the mask is ignored; the data below it is wrong."""
# expect: wrong_values
import numpy as np


def convolve(image, kernel):
    return np.ma.masked_all((image.shape[0] - 2, image.shape[1] - 2))
