# expected: windows-run-short integer-image-only
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros_like(image)
    for i in range(h):
        for j in range(w):
            patch = image[i:i+3, j:j+3]
            out[i, j] = np.sum(patch * kernel[:patch.shape[0], :patch.shape[1]])
    return out
