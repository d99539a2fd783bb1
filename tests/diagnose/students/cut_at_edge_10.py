# expected: edge-padding
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            s = 0
            for a in range(3):
                for b in range(3):
                    yy = min(max(y+a-1, 0), H-1)
                    xx = min(max(x+b-1, 0), W-1)
                    s += image[yy, xx]*kernel[a, b]
            out[y, x] = s
    return out
