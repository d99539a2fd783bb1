# expected: first-product-only
import numpy as np


def convolve(image, kernel):
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            total = 0.0
            for a in range(3):
                for b in range(3):
                    total += image[i + a, j + b] * kernel[a, b]
                    break
                break
            out[i, j] = total
    return out
