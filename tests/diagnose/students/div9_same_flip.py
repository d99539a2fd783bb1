# expected: same-padding kernel-flipped mean-instead-of-sum
import numpy as np

def convolve(image, kernel):
    p = np.pad(image, 1); k = np.flip(kernel)
    h, w = image.shape
    return np.array([[np.sum(p[i:i+3, j:j+3]*k)/9 for j in range(w)] for i in range(h)])
