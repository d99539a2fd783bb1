# expected: border-zero kernel-flipped
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    g = np.zeros((H, W))
    for x in range(1, H - 1):
        for y in range(1, W - 1):
            for s in range(-1, 2):
                for t in range(-1, 2):
                    g[x, y] += kernel[s + 1, t + 1] * image[x - s, y - t]
    return g
