# expected: edge-padding divided-by-kernel-sum clipped uint8-result
import numpy as np

def convolve(image, kernel):
    kernel = kernel / kernel.sum()
    padded = np.pad(image, 1, mode='edge')
    h, w = image.shape
    out = np.zeros((h, w))
    for y in range(h):
        for x in range(w):
            out[y, x] = (padded[y:y+3, x:x+3] * kernel).sum()
    out = np.clip(out, 0, 255)
    return np.uint8(out)
