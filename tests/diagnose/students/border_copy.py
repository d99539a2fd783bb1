# expected: border-image integer-image-only
import numpy as np

def convolve(image, kernel):
    out = image.copy()
    h, w = image.shape
    for i in range(1, h - 1):
        for j in range(1, w - 1):
            out[i, j] = (image[i-1:i+2, j-1:j+2] * kernel).sum()
    return out
