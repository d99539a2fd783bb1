# expected: nothing
import numpy as np

def convolve(image, kernel):
    s = 0
    for i in range(image.shape[0]-2):
        for j in range(image.shape[1]-2):
            s += np.sum(image[i:i+3, j:j+3]*kernel)
    return s
