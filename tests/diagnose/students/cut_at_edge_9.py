# expected: windows-run-short
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            y0, y1 = max(0, y-1), min(H, y+2)
            x0, x1 = max(0, x-1), min(W, x+2)
            p = image[y0:y1, x0:x1]
            out[y, x] = np.sum(p * kernel[:p.shape[0], :p.shape[1]])
    return out
