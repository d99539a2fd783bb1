# expected: returns-list
import numpy as np

def convolve(image, kernel):
    return tuple(
        tuple(np.sum(image[i:i+3, j:j+3] * kernel) for j in range(image.shape[1] - 2))
        for i in range(image.shape[0] - 2)
    )
