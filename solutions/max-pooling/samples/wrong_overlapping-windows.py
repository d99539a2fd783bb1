import numpy as np


def max_pool(image, size):
    h, w = image.shape[0] - size + 1, image.shape[1] - size + 1
    return np.array([[image[i:i + size, j:j + size].max() for j in range(w)] for i in range(h)])
