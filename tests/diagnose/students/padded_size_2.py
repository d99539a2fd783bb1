# expected: same-padding
import numpy as np
def convolve(image, kernel):
    p = np.pad(image, 1, mode='constant')
    out = np.zeros(p.shape)
    for y in range(image.shape[0]):
        for x in range(image.shape[1]):
            out[y, x] = np.sum(p[y:y+3, x:x+3] * kernel)
    return out
