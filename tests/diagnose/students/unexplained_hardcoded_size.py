# expected: nothing
import numpy as np

def convolve(image, kernel):
    out = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            out[i, j] = np.sum(image[i:i+3, j:j+3] * kernel)
    return out
