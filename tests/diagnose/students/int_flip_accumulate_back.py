# expected: integer-result kernel-flipped
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2), int)
    for i in range(h - 2):
        for j in range(w - 2):
            for a in range(3):
                for b in range(3):
                    out[i, j] += image[i+2-a, j+2-b] * kernel[a, b]
    return out
