# expected: off-by-one border-zero kernel-flipped
import numpy as np

def convolve(image, kernel):
    out = np.zeros(image.shape)
    k = kernel[::-1, ::-1]
    for i in range(1, image.shape[0] - 2):
        for j in range(1, image.shape[1] - 2):
            out[i, j] = np.sum(image[i-1:i+2, j-1:j+2]*k)
    return out
