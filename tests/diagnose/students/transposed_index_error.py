# expected: output-transposed square-only
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H - 2, W - 2))
    for i in range(H - 2):
        for j in range(W - 2):
            out[j, i] = np.sum(image[i:i+3, j:j+3] * kernel)
    return out
