import numpy as np


def max_pool(image, size):
    h, w = image.shape[0] // size, image.shape[1] // size
    out = np.zeros((h, w))
    for i in range(h * size):
        for j in range(w * size):
            if image[i, j] > out[i // size, j // size]:
                out[i // size, j // size] = image[i, j]
    return out
