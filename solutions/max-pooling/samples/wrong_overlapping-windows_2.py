import numpy as np


def max_pool(image, size):
    out = np.zeros((image.shape[0] // size, image.shape[1] // size))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.max(image[i:i + size, j:j + size])
    return out
