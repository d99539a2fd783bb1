# expected: off-by-one kernel-flipped
import numpy as np

def convolve(image, kernel):
    k = np.flip(kernel)
    out = np.zeros((image.shape[0]-3, image.shape[1]-3))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*k)
    return out
