# expected: double-padding
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    kh, kw = kernel.shape
    p = np.pad(image, ((kh - 1,), (kw - 1,)), 'constant')
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = np.sum(p[i:i+kh, j:j+kw] * kernel)
    return out
