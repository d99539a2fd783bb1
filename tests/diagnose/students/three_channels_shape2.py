# expected: three-channels-only
import numpy as np

def convolve(image, kernel):
    channels = image.shape[2]
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for c in range(channels):
        for i in range(out.shape[0]):
            for j in range(out.shape[1]):
                out[i, j] += np.sum(image[i:i+3, j:j+3, c] * kernel)
    return out
