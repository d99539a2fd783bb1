# expected: three-channels-only
import numpy as np

def convolve(image, kernel):
    b = np.pad(image[:, :, 0], ((1, 1), (1, 1)), 'constant')
    g = np.pad(image[:, :, 1], ((1, 1), (1, 1)), 'constant')
    r = np.pad(image[:, :, 2], ((1, 1), (1, 1)), 'constant')
    image = np.dstack([b, g, r])
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i+3, j:j+3, 0] * kernel)
    return out
