# expected: returns-list
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = [[]]
    for i in range(h-2):
        for j in range(w-2):
            out[-1].append(np.sum(image[i:i+3, j:j+3]*kernel))
        out.append([])
    return out
