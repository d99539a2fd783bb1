# expected: off-by-one
import numpy as np

def convolve(image, kernel):
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i in range(image.shape[0] - 3):
        for j in range(image.shape[1] - 3):
            out[i, j] = np.sum(kernel * image[i:i+3, j:j+3])
    return out
