import numpy as np


def convolve(image, kernels):
    count, channels, p, q = kernels.shape
    rows, columns = image.shape[1] - p + 1, image.shape[2] - q + 1
    result = np.zeros((count, rows, columns))
    total = np.zeros((rows, columns))
    for k in range(count):
        for c in range(channels):
            for a in range(p):
                for b in range(q):
                    window = image[c, a : a + rows, b : b + columns]
                    total = total + window * kernels[k, c, a, b]
        result[k] = total
    return result
