# expected: border-zero off-by-one
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for i in range(1, H - 2):
        for j in range(1, W - 2):
            out[i, j] = (image[i-1:i+2, j-1:j+2] * kernel).sum()
    return out
