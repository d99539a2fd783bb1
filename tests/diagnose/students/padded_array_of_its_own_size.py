# expected: same-padding
import numpy as np


def convolve(image, kernel):
    big = np.zeros((image.shape[0] + 2, image.shape[1] + 2))
    big[1:-1, 1:-1] = image
    result = np.zeros_like(big)
    for y in range(1, big.shape[0] - 1):
        for x in range(1, big.shape[1] - 1):
            result[y, x] = (big[y - 1:y + 2, x - 1:x + 2] * kernel).sum()
    return result
