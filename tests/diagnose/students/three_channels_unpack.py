# expected: three-channels-only
import numpy as np

def convolve(image, kernel):
    h, w, c = image.shape
    out = np.zeros((h - 2, w - 2, c))
    for ch in range(c):
        for i in range(h - 2):
            for j in range(w - 2):
                out[i, j, ch] = np.sum(image[i:i+3, j:j+3, ch] * kernel)
    return out
