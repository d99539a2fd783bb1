# expected: window-too-small
import numpy as np
I = np.ones((20, 20))
def convolve(image, kernel):
    out = np.zeros((image.shape[0]-2, image.shape[1]-2))
    for i in range(I.shape[0]-2):
        for j in range(I.shape[1]-2):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
