# expected: nothing
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    out = np.empty((H - 2, W - 2))
    for i in range(H - 3):
        for j in range(W - 3):
            out[i, j] = (image[i:i+3, j:j+3] * kernel).sum()
    return out
