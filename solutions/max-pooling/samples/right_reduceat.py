import numpy as np


def max_pool(image, size):
    H, W = image.shape
    rows, cols = H // size, W // size
    by_rows = np.maximum.reduceat(image[:rows * size], np.arange(0, rows * size, size), axis=0)
    return np.maximum.reduceat(by_rows[:, :cols * size], np.arange(0, cols * size, size), axis=1)
