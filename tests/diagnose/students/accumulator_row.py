# expected: accumulator-not-reset
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2))
    for i in range(h - 2):
        total = 0
        for j in range(w - 2):
            total += np.sum(image[i:i+3, j:j+3] * kernel)
            out[i, j] = total
    return out
