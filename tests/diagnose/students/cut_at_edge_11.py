# expected: window-too-small
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            out[y, x] = np.sum(image[y-1:y+2, x-1:x+2] * kernel)
    return out
