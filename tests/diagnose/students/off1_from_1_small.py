# expected: off-by-one
import numpy as np

def convolve(image, kernel):
    res = []
    for i in range(1, image.shape[0]-2):
        res.append([np.sum(image[i:i+3, j:j+3]*kernel) for j in range(1, image.shape[1]-2)])
    return np.array(res)
