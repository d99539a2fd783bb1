# expected: wrap-around
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            for a in range(3):
                for b in range(3):
                    out[i, j] += image[(i + a) % H, (j + b) % W] * kernel[a, b]
    return out
