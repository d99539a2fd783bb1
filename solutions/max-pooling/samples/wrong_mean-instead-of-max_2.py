import numpy as np


def max_pool(image, size):
    h, w = image.shape[0] // size, image.shape[1] // size
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            total = 0
            for a in range(size):
                for b in range(size):
                    total += image[i * size + a, j * size + b]
            out[i, j] = total / (size * size)
    return out
