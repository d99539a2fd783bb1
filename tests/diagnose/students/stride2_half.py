# expected: stride-two
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h // 2, w // 2))
    for i in range(0, h - 2, 2):
        for j in range(0, w - 2, 2):
            out[i // 2, j // 2] = np.sum(image[i:i+3, j:j+3] * kernel)
    return out
