# expected: uint8-result
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2), np.uint8)
    for i in range(h - 2):
        for j in range(w - 2):
            out[i, j] = round(np.sum(image[i:i+3, j:j+3] * kernel))
    return out
