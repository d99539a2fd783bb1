# expected: uint8-result
import numpy as np


def convolve(image, kernel):
    k = kernel.shape[0]
    out = np.empty((image.shape[0] - k + 1, image.shape[1] - k + 1), dtype="uint8")
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            out[y, x] = int(round(float((image[y:y + k, x:x + k] * kernel).sum())))
    return out
