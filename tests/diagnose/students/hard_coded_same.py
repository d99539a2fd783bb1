# expected: ignores-kernel same-padding
import numpy as np

def convolve(image, kernel):
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    p = np.pad(image, 1)
    out = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = np.sum(p[i:i+3, j:j+3] * sobel)
    return out
