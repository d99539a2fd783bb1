import numpy as np


def max_pool(image, size):
    result = []
    row = 0
    while row + size <= len(image):
        values = []
        column = 0
        while column + size <= len(image[0]):
            best = image[row][column]
            for a in range(size):
                for b in range(size):
                    if image[row + a][column + b] > best:
                        best = image[row + a][column + b]
            values.append(best)
            column += size
        result.append(values)
        row += size
    return np.array(result)
