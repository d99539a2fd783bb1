# expected: ignores-kernel border-zero
import numpy as np

def convolve(image, kernel):
    k = np.array([[0,-1,0],[-1,5,-1],[0,-1,0]])
    out = np.zeros(image.shape)
    for i in range(1, image.shape[0]-1):
        for j in range(1, image.shape[1]-1):
            out[i, j] = np.sum(image[i-1:i+2, j-1:j+2]*k)
    return out
