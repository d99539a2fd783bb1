# expected: same-padding kernel-flipped max-instead-of-sum
import numpy as np

def convolve(image, kernel):
    p = np.pad(image, 1)
    k = kernel[::-1, ::-1]
    h, w = image.shape
    return np.array([[np.max(p[i:i+3, j:j+3] * k) for j in range(w)] for i in range(h)])
