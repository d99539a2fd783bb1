# expected: square-only same-padding integer-result
import numpy as np

def convolve(image, kernel):
    n = len(image)
    p = np.zeros((n + 2, n + 2))
    p[1:-1, 1:-1] = image
    out = np.zeros((n, n), dtype=int)
    for i in range(n):
        for j in range(n):
            out[i, j] = np.sum(p[i:i+3, j:j+3] * kernel)
    return out
