# expected: same-padding integer-image-only
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    p = np.pad(image, 1)
    out = np.zeros_like(image)
    for i in range(h):
        for j in range(w):
            for a in range(3):
                for b in range(3):
                    out[i, j] += p[i+a, j+b] * kernel[a, b]
    return out
