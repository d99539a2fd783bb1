# expected: nothing
import numpy as np

def convolve(image, kernel):
    n = image.shape[0]
    out = []
    for i in range(n-2):
        for j in range(image.shape[1]-2):
            out.append((image[i:i+3, j:j+3]*kernel).sum())
    return np.array(out)
