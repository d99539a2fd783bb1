# expected: double-padding
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    p = np.pad(image, 2)
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = np.sum(p[i:i+3, j:j+3] * kernel)
    return out
