# expected: uses-global
import numpy as np
img = np.arange(25).reshape(5, 5)
H, W = img.shape
def convolve(image, kernel):
    out = np.zeros((image.shape[0]-2, image.shape[1]-2))
    for i in range(H-2):
        for j in range(W-2):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
