# expected: uint8-result
import numpy as np
def convolve(image, kernel):
    out = np.empty((image.shape[0]-2, image.shape[1]-2), dtype='uint8')
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i][j] = int((image[i:i+3, j:j+3] * kernel).sum())
    return out
