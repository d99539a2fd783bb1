# expected: wrap-around kernel-flipped
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H - 2, W - 2))
    for i in range(H - 2):
        for j in range(W - 2):
            for a in range(3):
                for b in range(3):
                    out[i, j] += image[i - a, j - b] * kernel[a, b]
    return out
