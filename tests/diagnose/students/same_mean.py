# expected: same-padding mean-instead-of-sum
import numpy as np

def convolve(image, kernel):
    p = np.pad(image, 1)
    h, w = image.shape
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = np.mean(p[i:i+3, j:j+3] * kernel)
    return out
