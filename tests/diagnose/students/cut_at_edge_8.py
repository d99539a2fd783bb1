# expected: same-padding
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            s = 0.0
            for a in (-1, 0, 1):
                for b in (-1, 0, 1):
                    if 0 <= y+a < H and 0 <= x+b < W:
                        s += image[y+a, x+b]*kernel[a+1, b+1]
            out[y, x] = s
    return out
