# expected: same-padding
import numpy as np
def convolve(image, kernel):
    p = np.zeros((image.shape[0]+2, image.shape[1]+2))
    p[1:-1, 1:-1] = image
    out = p.copy()
    for y in range(1, p.shape[0]-1):
        for x in range(1, p.shape[1]-1):
            out[y, x] = np.sum(p[y-1:y+2, x-1:x+2] * kernel)
    return out
