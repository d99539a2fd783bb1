# expected: arguments-swapped
import numpy as np
def patch(img, ker, i, j):
    return np.sum(img[i:i+3, j:j+3] * ker)
def convolve(image, kernel):
    out = np.zeros((image.shape[0]-2, image.shape[1]-2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = patch(kernel, image, i, j)
    return out
