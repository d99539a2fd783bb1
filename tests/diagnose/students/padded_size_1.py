# expected: same-padding
import numpy as np
def convolve(image, kernel):
    p = np.pad(image, 1, mode='constant')
    out = np.zeros_like(p, dtype=float)
    H, W = p.shape
    for y in range(1, H-1):
        for x in range(1, W-1):
            out[y, x] = np.sum(p[y-1:y+2, x-1:x+2] * kernel)
    return out
