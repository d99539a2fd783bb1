# expected: double-padding
import numpy as np
def convolve(image, kernel):
    pad = kernel.shape[0] - 1
    img = np.pad(image, pad)
    out = np.zeros_like(image, dtype=float)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = (img[i:i+3, j:j+3] * kernel).sum()
    return out
