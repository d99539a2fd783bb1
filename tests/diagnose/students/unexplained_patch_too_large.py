# expected: nothing
import numpy as np

def convolve(image, kernel):
    k = kernel.shape[0]
    h, w = image.shape
    output = np.zeros((h - 2, w - 2))
    for i in range(h - 2):
        for j in range(w - 2):
            output[i, j] = np.sum(image[i:i+k+1, j:j+k+1] * kernel)
    return output
