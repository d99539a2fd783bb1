from numpy import *


def convolve(image, kernel, stride=1, padding=0, dtype=float32):
    h, w = image.shape
    p, q = kernel.shape
    big = zeros((h + 2 * padding, w + 2 * padding), dtype)
    big[padding : padding + h, padding : padding + w] = image
    rows = (h + 2 * padding - p) // stride + 1
    cols = (w + 2 * padding - q) // stride + 1
    total = zeros((rows, cols), dtype)
    for a in range(p):
        for b in range(q):
            total += (
                dtype(kernel[a, b])
                * big[
                    a : a + stride * (rows - 1) + 1 : stride,
                    b : b + stride * (cols - 1) + 1 : stride,
                ]
            )
    return total
