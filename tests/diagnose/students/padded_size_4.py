# expected: edge-padding
import numpy as np
def convolve(image, kernel):
    p = np.pad(image, 1, mode='edge')
    out = np.zeros(p.shape)
    for y in range(1, p.shape[0]-1):
        for x in range(1, p.shape[1]-1):
            out[y, x] = np.sum(p[y-1:y+2, x-1:x+2] * kernel)
    return out
