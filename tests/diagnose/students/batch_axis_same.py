# expected: extra-axis same-padding
import numpy as np

def convolve(image, kernel):
    image = image[np.newaxis, ...]
    n, h, w = image.shape
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1)))
    out = np.zeros((n, h, w))
    for b in range(n):
        for i in range(h):
            for j in range(w):
                out[b, i, j] = np.sum(padded[b, i:i+3, j:j+3] * kernel)
    return out
