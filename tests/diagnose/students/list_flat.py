# expected: returns-list
import numpy as np

def convolve(image, kernel):
    result = []
    for i in range(image.shape[0] - 2):
        for j in range(image.shape[1] - 2):
            result.append(np.sum(image[i:i+3, j:j+3] * kernel))
    return result
