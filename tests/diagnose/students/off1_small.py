# expected: off-by-one
import numpy as np

def convolve(image, kernel):
    H = image.shape[0] - kernel.shape[0]
    W = image.shape[1] - kernel.shape[1]
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            out[i, j] = np.sum(kernel * image[i:i+3, j:j+3])
    return out
