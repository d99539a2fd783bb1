# expected: uses-global
import numpy as np

picture = np.arange(16.0).reshape(4, 4)
padded = np.pad(picture, 1)

def convolve(image, kernel):
    out = np.zeros(picture.shape)
    for i in range(picture.shape[0]):
        for j in range(picture.shape[1]):
            out[i, j] = np.sum(padded[i:i+3, j:j+3] * kernel)
    return out
