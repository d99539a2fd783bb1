# expected: windows-run-short
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    p = np.pad(image, ((0,2),(0,2)))
    return np.array([[np.sum(p[i:i+3, j:j+3]*kernel) for j in range(w)] for i in range(h)])
