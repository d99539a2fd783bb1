# expected: double-padding
import numpy as np


def convolve(image, kernel):
    h, w = image.shape
    a, b = kernel.shape
    padded = np.zeros((h + 2 * (a - 1), w + 2 * (b - 1)))
    padded[a - 1:a - 1 + h, b - 1:b - 1 + w] = image
    return np.array([[np.sum(padded[y:y + a, x:x + b] * kernel) for x in range(w)] for y in range(h)])
