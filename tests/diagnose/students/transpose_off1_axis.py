# expected: output-transposed off-by-one extra-axis
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((w - 3, h - 3, 1))
    for x in range(w - 3):
        for y in range(h - 3):
            out[x, y, 0] = np.sum(image[y:y+3, x:x+3] * kernel)
    return out
