# expected: square-only same-padding
import numpy as np

def convolve(image, kernel):
    x, y = image.shape
    padded = np.pad(image, 1)
    out = np.zeros((y, x))
    for i in range(y):
        for j in range(x):
            out[i, j] = np.sum(padded[i:i+3, j:j+3] * kernel)
    return out
