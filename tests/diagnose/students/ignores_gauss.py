# expected: ignores-kernel same-padding
import numpy as np

def convolve(image, kernel):
    k = np.outer([1,2,1],[1,2,1])/16
    p = np.pad(image, 1)
    h, w = image.shape
    return np.array([[np.sum(p[i:i+3, j:j+3]*k) for j in range(w)] for i in range(h)])
