# expected: edge-padding
import numpy as np

def convolve(image, kernel):
    img = np.pad(image, 1, "symmetric")
    out = np.zeros(image.shape)
    for i in range(3):
        for j in range(3):
            out += kernel[i, j] * img[i:i + image.shape[0], j:j + image.shape[1]]
    return out
