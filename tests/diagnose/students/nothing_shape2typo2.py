# expected: nothing
import numpy as np
def convolve(image, kernel):
    h = image.shape[0]
    w = image.shape[2]
    out = np.zeros((h-2, w-2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
