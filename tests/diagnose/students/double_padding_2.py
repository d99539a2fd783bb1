# expected: double-padding
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    p = np.zeros((H+4, W+4))
    p[2:-2, 2:-2] = image
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            for a in range(3):
                for b in range(3):
                    out[i, j] += p[i+a, j+b] * kernel[a, b]
    return out
