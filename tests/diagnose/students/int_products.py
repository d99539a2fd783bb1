# expected: integer-result
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2))
    for i in range(h - 2):
        for j in range(w - 2):
            for a in range(3):
                for b in range(3):
                    out[i, j] += int(image[i+a, j+b] * kernel[a, b])
    return out
