# expected: full-padding kernel-flipped
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    p = np.pad(image, 1)
    p = np.pad(p, 1)
    out = np.zeros((H+2, W+2))
    for i in range(H+2):
        for j in range(W+2):
            out[i, j] = np.sum(p[i:i+3, j:j+3]*kernel[::-1, ::-1])
    return out
