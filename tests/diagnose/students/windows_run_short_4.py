# expected: windows-run-short
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for a in range(3):
        for b in range(3):
            out[:H-a, :W-b] += image[a:, b:] * kernel[a, b]
    return out
