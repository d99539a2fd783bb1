# expected: square-only
import numpy as np

def convolve(image, kernel):
    out = []
    for i in range(image.shape[0]-2):
        for j in range(image.shape[1]-2):
            out.append((image[i:i+3, j:j+3]*kernel).sum())
    n = int(np.sqrt(len(out)))
    return np.array(out).reshape(n, n)
