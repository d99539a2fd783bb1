# expected: wrap-around
import numpy as np

def convolve(image, kernel):
    out = np.zeros(image.shape)
    for a in (-1, 0, 1):
        for b in (-1, 0, 1):
            out += kernel[a + 1, b + 1] * np.roll(np.roll(image, -a, axis=0), -b, axis=1)
    return out
