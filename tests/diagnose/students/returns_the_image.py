# expected: returns-image
import numpy as np

def convolve(image, kernel):
    new = image.copy()
    for i in range(image.shape[0] - 2):
        for j in range(image.shape[1] - 2):
            patch = image[i:i+3, j:j+3] * kernel
            value = patch.sum()
    return new
