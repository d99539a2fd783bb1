# expected: wrap-around kernel-flipped
import numpy as np

def convolve(image, kernel):
    p = np.pad(image, 1, 'wrap')
    k = np.flip(kernel)
    h, w = image.shape
    return np.array([[np.sum(p[i:i+3, j:j+3]*k) for j in range(w)] for i in range(h)])
