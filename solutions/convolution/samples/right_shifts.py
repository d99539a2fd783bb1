import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    p, q = kernel.shape
    rows, columns = h - p + 1, w - q + 1
    out = np.zeros((rows, columns))
    for y in range(p):
        for x in range(q):
            out += kernel[y, x] * image[y:y + rows, x:x + columns]
    return out
