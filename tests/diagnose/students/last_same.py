# expected: same-padding last-product-only
import numpy as np

def convolve(image, kernel):
    p = np.pad(image, 1)
    h, w = image.shape
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            for a in range(3):
                for b in range(3):
                    out[i, j] = p[i+a, j+b]*kernel[a, b]
    return out
