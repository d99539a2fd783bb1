# expected: modifies-image integer-image-only
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    for i in range(h - 2):
        for j in range(w - 2):
            image[i, j] = np.sum(image[i:i+3, j:j+3] * kernel)
    return image[:h - 2, :w - 2]
