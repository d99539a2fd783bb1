# expected: square-only
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = []
    for i in range(h-2):
        for j in range(w-2):
            out.append((image[i:i+3, j:j+3]*kernel).sum())
    return np.array(out).reshape(w-2, h-2)
