# expected: double-padding
import numpy as np
def convolve(image, kernel):
    k = kernel.shape[0] // 2
    p = np.pad(np.pad(image, k), k)
    return np.array([[np.sum(p[i:i+3, j:j+3]*kernel) for j in range(image.shape[1])] for i in range(image.shape[0])])
