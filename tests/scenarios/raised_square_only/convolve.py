import numpy as np


def convolve(image, kernel):
    n = len(image)
    output = np.zeros((n - 2, n - 2))
    for i in range(n - 2):
        for j in range(n - 2):
            output[i, j] = (image[i : i + 3, j : j + 3] * kernel).sum()
    return output
