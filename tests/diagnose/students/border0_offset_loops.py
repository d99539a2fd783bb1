# expected: border-zero
import numpy as np

def convolve(image, kernel):
    rows, cols = image.shape
    out = np.zeros((rows, cols))
    for i in range(1, rows - 1):
        for j in range(1, cols - 1):
            total = 0
            for m in range(3):
                for n in range(3):
                    total += image[i - 1 + m, j - 1 + n] * kernel[m, n]
            out[i, j] = total
    return out
