# expected: square-only
import numpy as np

def convolve(image, kernel):
    w, h = image.shape
    out = np.zeros((h - 2, w - 2))
    for y in range(h - 2):
        for x in range(w - 2):
            s = 0.0
            for a in range(3):
                for b in range(3):
                    s += image[y + a][x + b] * kernel[a][b]
            out[y][x] = s
    return out
