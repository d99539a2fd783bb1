# expected: integer-image-only
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros_like(image[1:-1, 1:-1])
    for i in range(h - 2):
        for j in range(w - 2):
            for k in range(3):
                for l in range(3):
                    out[i, j] += image[i+k, j+l] * kernel[k, l]
    return out
