# expected: integer-result
import numpy as np

def convolve(image, kernel):
    n, m = image.shape[0] - 2, image.shape[1] - 2
    out = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            out[i, j] = int((image[i:i+3, j:j+3] * kernel).sum())
    return out
