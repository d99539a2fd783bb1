# expected: same-padding stride-two
import numpy as np

def convolve(image, kernel):
    p = np.pad(image, 1)
    h, w = image.shape
    out = np.zeros(((h - 1)//2 + 1, (w - 1)//2 + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(p[2*i:2*i+3, 2*j:2*j+3]*kernel)
    return out
