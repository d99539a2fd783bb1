# expected: three-channels-only
import numpy as np
def convolve(image, kernel):
    image = image[:, :, 0]
    h, w = image.shape
    out = np.zeros((h-2, w-2))
    for i in range(h-2):
        for j in range(w-2):
            out[i, j] = np.sum(image[i:i+3, j:j+3]*kernel)
    return out
