import numpy as np


def convolve(image, kernel, stride=1, padding=0):
    p, q = kernel.shape
    rows = range(0, image.shape[0] - p + 1, stride)
    cols = range(0, image.shape[1] - q + 1, stride)
    return np.array([[np.sum(image[i:i + p, j:j + q] * kernel) for j in cols] for i in rows])
