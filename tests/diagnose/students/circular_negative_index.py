# expected: wrap-around kernel-flipped
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            acc = 0.0
            for a in range(3):
                for b in range(3):
                    acc += image[i - a, j - b] * kernel[a, b]
            out[i, j] = acc
    return out
