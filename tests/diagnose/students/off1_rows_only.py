# expected: off-by-one
import numpy as np

def convolve(image, kernel):
    n, m = image.shape[0] - 2, image.shape[1] - 2
    out = np.zeros((n, m))
    for i in range(n - 1):
        for j in range(m):
            out[i, j] = np.sum(kernel * image[i:i+3, j:j+3])
    return out
