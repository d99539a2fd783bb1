# expected: same-padding
import numpy as np

def convolve(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh//2, kh//2), (kw//2, kw//2)), mode='constant')
    out = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = np.sum(padded[i:i+kh, j:j+kw] * kernel)
    return out
