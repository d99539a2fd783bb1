# expected: same-padding kernel-flipped accumulator-not-reset
import numpy as np

def convolve(image, kernel):
    p = np.pad(image, 1)
    k = kernel[::-1, ::-1]
    h, w = image.shape
    out = np.zeros((h, w)); s = 0.0
    for i in range(h):
        for j in range(w):
            for a in range(3):
                for b in range(3):
                    s += p[i+a, j+b]*k[a, b]
            out[i, j] = s
    return out
