# expected: same-padding
import numpy as np

def convolve(image, kernel):
    k = kernel.shape[0] // 2
    p = np.pad(image, k)
    out = np.zeros(p.shape)
    for i in range(k, p.shape[0] - k):
        for j in range(k, p.shape[1] - k):
            out[i, j] = np.sum(p[i-k:i+k+1, j-k:j+k+1] * kernel)
    return out
