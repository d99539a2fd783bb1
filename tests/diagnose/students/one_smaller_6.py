# expected: off-by-one
import numpy as np
def convolve(image, kernel):
    out = np.zeros((image.shape[0]-1, image.shape[1]-1))
    for i in range(1, image.shape[0]-1):
        for j in range(1, image.shape[1]-1):
            out[i, j] = np.sum(image[i-1:i+2, j-1:j+2]*kernel)
    return out
