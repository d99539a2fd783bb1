# expected: wrap-around off-by-one
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for i in range(H - 1):
        for j in range(W - 1):
            for a in range(3):
                for b in range(3):
                    out[i, j] += image[i - 1 + a, j - 1 + b] * kernel[a, b]
    return out
