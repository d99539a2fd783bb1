"""Tries: NaN everywhere: a comparison written as "not greater than the tolerance" lets it pass.
Must: NaN where a number is expected is a wrong value."""
# expect: wrong_values
import numpy as np


def convolve(image, kernel):
    return np.full((image.shape[0] - 2, image.shape[1] - 2), np.nan)
