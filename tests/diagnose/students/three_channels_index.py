# expected: three-channels-only
import numpy as np

def convolve(image, kernel):
    gray = 0.3 * image[:, :, 0] + 0.59 * image[:, :, 1] + 0.11 * image[:, :, 2]
    h, w = gray.shape
    out = np.zeros((h - 2, w - 2))
    for i in range(h - 2):
        for j in range(w - 2):
            out[i, j] = np.sum(gray[i:i+3, j:j+3] * kernel)
    return out
