# expected: uses-global
import numpy as np
picture = np.random.rand(6, 7)
def convolve(image, kernel):
    h, w = picture.shape
    out = np.zeros((image.shape[0]-2, image.shape[1]-2))
    for i in range(h-2):
        for j in range(w-2):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
