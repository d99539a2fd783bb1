# expected: output-transposed
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((w - 2, h - 2))
    for x in range(w - 2):
        for y in range(h - 2):
            out[x, y] = np.sum(image[y:y+3, x:x+3] * kernel)
    return out
