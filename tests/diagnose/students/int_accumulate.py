# expected: integer-result
import numpy as np

def convolve(image, kernel):
    n = image.shape[0] - kernel.shape[0] + 1
    m = image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((n, m), dtype=np.int32)
    for i in range(n):
        for j in range(m):
            for a in range(3):
                for b in range(3):
                    out[i][j] += image[i + a][j + b] * kernel[a][b]
    return out
