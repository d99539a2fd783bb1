# expected: windows-run-short
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            s = 0
            for a in range(3):
                for b in range(3):
                    if y + a < H and x + b < W:
                        s += image[y+a, x+b] * kernel[a, b]
            out[y, x] = s
    return out
