# expected: first-row-only
import numpy as np


def dot(patch, kernel):
    total = 0.0
    for row, weights in zip(patch, kernel):
        for pixel, weight in zip(row, weights):
            total += pixel * weight
        return total


def convolve(image, kernel):
    rows, cols = image.shape[0] - 2, image.shape[1] - 2
    return np.array([[dot(image[i:i + 3, j:j + 3], kernel) for j in range(cols)] for i in range(rows)])
