# expected: uses-global
import numpy as np

img = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3], [4, 5, 6, 7]])

def convolve(image, kernel):
    h, w = img.shape
    out = np.zeros((h - 2, w - 2))
    for i in range(h - 2):
        for j in range(w - 2):
            out[i, j] = np.sum(img[i:i+3, j:j+3] * kernel)
    return out
