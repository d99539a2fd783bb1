# expected: off-by-one
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H-3, W-3))
    for i in range(H-2):
        for j in range(W-2):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
