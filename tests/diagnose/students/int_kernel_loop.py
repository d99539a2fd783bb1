# expected: integer-result
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h - 2, w - 2), dtype=int)
    for a in range(3):
        for b in range(3):
            out += (image[a:a+h-2, b:b+w-2] * kernel[a, b]).astype(int)
    return out
