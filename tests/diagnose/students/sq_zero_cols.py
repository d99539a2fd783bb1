# expected: square-only
import numpy as np

def convolve(image, kernel):
    n = image.shape[0]
    m = kernel.shape[0]
    out = np.zeros((n-m+1, n-m+1))
    for i in range(n-m+1):
        for j in range(n-m+1):
            for a in range(m):
                for b in range(m):
                    if j + b < image.shape[1]:
                        out[i, j] += image[i+a, j+b]*kernel[a, b]
    return out
