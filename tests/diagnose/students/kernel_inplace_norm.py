# expected: modifies-image divided-by-kernel-sum
import numpy as np

def convolve(image, kernel):
    kernel /= kernel.sum()
    h, w = image.shape
    return np.array([[np.sum(image[i:i+3, j:j+3]*kernel) for j in range(w-2)] for i in range(h-2)])
