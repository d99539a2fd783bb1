import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    p, q = kernel.shape
    out = np.zeros((h - p + 1, w - q + 1))
    for y in range(h - p + 1):
        for x in range(w - q + 1):
            total = 0
            for a in range(p):
                for b in range(q):
                    total += image[y + a, x + b] * kernel[a, b]
            out[y, x] = total
    return out
