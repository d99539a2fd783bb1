# expected: accumulator-not-reset
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2))
    total = 0
    for i in range(h - 2):
        for j in range(w - 2):
            for a in range(3):
                for b in range(3):
                    total += image[i + a, j + b] * kernel[a, b]
            out[i, j] = total
    return out
