# expected: nothing
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h, w))
    for y in range(h):
        for x in range(w):
            for a in range(3):
                for b in range(3):
                    out[y, x] += image[y + a, x + b] * kernel[a, b]
    return out
