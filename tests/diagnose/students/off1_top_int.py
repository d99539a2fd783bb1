# expected: off-by-one top-left integer-image-only
import numpy as np

def convolve(image, kernel):
    out = np.zeros_like(image)
    for i in range(image.shape[0] - kernel.shape[0]):
        for j in range(image.shape[1] - kernel.shape[1]):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
