# expected: kernel-flipped same-padding divided-by-kernel-sum
import numpy as np

def convolve(image, kernel):
    total = 0
    for row in kernel:
        for v in row:
            total = total + v
    h, w = image.shape
    out = np.zeros((h, w))
    for x in range(h):
        for y in range(w):
            acc = 0
            for i in range(3):
                for j in range(3):
                    r, c = x - i + 1, y - j + 1
                    if r >= 0 and c >= 0 and r < h and c < w:
                        acc = acc + image[r, c] * kernel[i, j]
            out[x, y] = acc / total
    return out
