import numpy as np

def convolve(image, kernel):
    n, m = image.shape
    k = kernel.shape[0]
    values = []
    i = 0
    while i + k <= n:
        row = []
        j = 0
        while j + k <= m:
            row.append(float((image[i:i + k, j:j + k] * kernel).sum()))
            j += 1
        values.append(row)
        i += 1
    return np.array(values)
