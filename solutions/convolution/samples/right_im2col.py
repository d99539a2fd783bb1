import numpy as np

def convolve(image, kernel):
    p, q = kernel.shape
    rows = image.shape[0] - p + 1
    columns = image.shape[1] - q + 1
    patches = np.zeros((rows * columns, p * q))
    at = 0
    for i in range(rows):
        for j in range(columns):
            patches[at] = image[i:i + p, j:j + q].ravel()
            at += 1
    return (patches @ kernel.ravel()).reshape(rows, columns)
