# expected: uses-global
import numpy as np

R_0 = np.zeros((5, 5))

def convolve(image, kernel):
    h, w = image.shape
    p = np.zeros((h + 2, w + 2))
    p[1:-1, 1:-1] = image
    R = np.zeros((h, w))
    for i in range(R_0.shape[0]):
        for j in range(R_0.shape[1]):
            R[i, j] = np.sum(p[i:i+3, j:j+3] * kernel)
    return R
