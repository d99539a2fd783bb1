# expected: nothing
import numpy as np

def convolve(image, kernel):
    padded = np.pad(image, 1, constant_values=128)
    h, w = image.shape
    out = np.zeros((h, w))
    for y in range(h):
        for x in range(w):
            out[y, x] = (padded[y:y+3, x:x+3] * kernel).sum()
    return out
