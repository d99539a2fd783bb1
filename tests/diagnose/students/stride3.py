# expected: stride-of-kernel-size
import numpy as np

def convolve(image, kernel):
    k = kernel.shape[0]
    h, w = image.shape
    out = np.zeros((h // k, w // k))
    for i in range(h // k):
        for j in range(w // k):
            out[i, j] = np.sum(image[i*k:(i+1)*k, j*k:(j+1)*k] * kernel)
    return out
