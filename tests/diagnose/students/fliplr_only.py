# expected: kernel-flipped-horizontally
import numpy as np

def convolve(image, kernel):
    kernel = np.fliplr(kernel)
    h, w = image.shape
    return np.array([[np.sum(image[r:r+3, c:c+3] * kernel) for c in range(w - 2)] for r in range(h - 2)])
