"""Tries: np.empty of the result's size, again and again, in the hope of memory that held an
expected array.
Must: no expected value was ever in this process; freed memory is overwritten with a pattern."""
# expect: wrong_values
import numpy as np


def convolve(image, kernel):
    shape = (image.shape[0] - 2, image.shape[1] - 2)
    best = np.zeros(shape)
    for _ in range(200):
        room = np.empty(shape)
        if np.isfinite(room).all() and 1 < np.abs(room).max() < 1e5:
            best = room.copy()
    return best
