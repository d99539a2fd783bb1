# expected: return-inside-loop
import numpy as np

def convolve(image, kernel):
    for i in range(image.shape[0] - 2):
        for j in range(image.shape[1] - 2):
            return np.sum(image[i:i+3, j:j+3] * kernel)
