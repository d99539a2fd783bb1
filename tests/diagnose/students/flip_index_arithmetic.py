# expected: kernel-flipped
import numpy as np

def convolve(image, kernel):
    p, q = kernel.shape
    h = image.shape[0] - p + 1
    w = image.shape[1] - q + 1
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            for a in range(p):
                for b in range(q):
                    out[i, j] += image[i + a, j + b] * kernel[p - 1 - a, q - 1 - b]
    return out
