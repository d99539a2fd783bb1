# expected: full-padding
import numpy as np
def convolve(image, kernel):
    p = np.pad(image, 2)
    out = np.zeros((p.shape[0]-2, p.shape[1]-2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(p[i:i+3, j:j+3]*kernel)
    return out
