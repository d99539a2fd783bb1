# expected: integer-result
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2), int)
    for i in range(h - 2):
        for j in range(w - 2):
            for a in range(3):
                out[i, j] += np.sum(image[i+a, j:j+3] * kernel[a])
    return out
