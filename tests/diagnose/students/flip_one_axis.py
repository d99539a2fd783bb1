# expected: kernel-flipped-vertically
import numpy as np

def convolve(image, kernel):
    kernel = np.flip(kernel, 0)
    h, w = image.shape
    result = np.empty((h - 2, w - 2))
    for r in range(h - 2):
        for c in range(w - 2):
            result[r, c] = (image[r:r+3, c:c+3] * kernel).sum()
    return result
