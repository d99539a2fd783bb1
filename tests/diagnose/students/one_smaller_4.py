# expected: window-too-small
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H-1, W-1))
    for i in range(H-1):
        for j in range(W-1):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
