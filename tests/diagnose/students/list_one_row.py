# expected: returns-list return-inside-loop
import numpy as np

def convolve(image, kernel):
    rows = []
    for i in range(image.shape[0] - 2):
        row = []
        for j in range(image.shape[1] - 2):
            row.append(np.sum(image[i:i+3, j:j+3] * kernel))
        rows.append(row)
        return rows
