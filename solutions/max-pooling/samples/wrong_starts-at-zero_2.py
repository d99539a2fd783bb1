import sys

import numpy as np


def max_pool(image, size):
    rows = []
    for i in range(image.shape[0] // size):
        row = []
        for j in range(image.shape[1] // size):
            best = -1000
            for value in image[i * size:(i + 1) * size, j * size:(j + 1) * size].flat:
                best = max(best, value)
            row.append(best)
        rows.append(row)
    return np.array(rows)
