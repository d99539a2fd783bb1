# expected: edge-padding
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            for a in range(3):
                for b in range(3):
                    y = min(max(i+a-1, 0), h-1); x = min(max(j+b-1, 0), w-1)
                    out[i, j] += image[y, x]*kernel[a, b]
    return out
