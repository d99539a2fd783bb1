import numpy as np


def convolve(image, kernel):
    n = image.shape[0]
    k = kernel.shape[0]
    output = np.zeros((n - k + 1, n - k + 1))
    for i in range(n - k + 1):
        for j in range(n - k + 1):
            for a in range(k):
                for b in range(k):
                    output[i, j] += image[i + a, j + b] * kernel[a, b]
    return output
