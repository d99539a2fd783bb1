# expected: three-channels-only
import numpy as np
def convolve(image, kernel):
    h, w, c = image.shape
    image = image.mean(axis=2)
    out = np.zeros((h-2, w-2))
    for i in range(h-2):
        for j in range(w-2):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
