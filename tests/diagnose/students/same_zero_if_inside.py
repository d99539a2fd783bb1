# expected: same-padding
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    res = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            s = 0
            for a in range(-1, 2):
                for b in range(-1, 2):
                    if 0 <= i + a < H and 0 <= j + b < W:
                        s += image[i+a][j+b] * kernel[a+1][b+1]
            res[i][j] = s
    return res
