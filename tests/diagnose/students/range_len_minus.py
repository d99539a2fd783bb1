# expected: off-by-one
import numpy as np

def convolve(image, kernel):
    n = len(image) - len(kernel) + 1
    m = len(image[0]) - len(kernel[0]) + 1
    out = np.zeros((n, m))
    i = 0
    while i < n - 1:
        j = 0
        while j < m - 1:
            out[i][j] = (image[i:i+3, j:j+3]*kernel).sum()
            j += 1
        i += 1
    return out
