# expected: off-by-one
import numpy as np

def convolve(image, kernel):
    rows = []
    for i in range(len(image) - len(kernel)):
        row = []
        for j in range(len(image[0]) - len(kernel[0])):
            row.append((image[i:i+3, j:j+3] * kernel).sum())
        rows.append(row)
    return np.array(rows)
