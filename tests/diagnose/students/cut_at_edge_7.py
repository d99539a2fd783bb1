# expected: same-padding
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            y0, y1 = max(0, y-1), min(H, y+2)
            x0, x1 = max(0, x-1), min(W, x+2)
            out[y, x] = np.sum(image[y0:y1, x0:x1] * kernel[y0-y+1:y1-y+1, x0-x+1:x1-x+1])
    return out
