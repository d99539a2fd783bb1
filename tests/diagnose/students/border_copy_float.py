# expected: border-image
import numpy as np

def convolve(image, kernel):
    out = image.astype(float)
    for i in range(1, image.shape[0] - 1):
        for j in range(1, image.shape[1] - 1):
            out[i, j] = (image[i-1:i+2, j-1:j+2] * kernel).sum()
    return out
