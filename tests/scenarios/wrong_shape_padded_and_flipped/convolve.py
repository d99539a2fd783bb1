import numpy as np


def convolve(image, kernel):
    padded = np.zeros((image.shape[0] + 2, image.shape[1] + 2))
    padded[1:-1, 1:-1] = image
    flipped = np.flipud(np.fliplr(kernel))
    output = np.zeros_like(padded[1:-1, 1:-1])
    for x in range(image.shape[1]):
        for y in range(image.shape[0]):
            output[y, x] = (flipped * padded[y : y + 3, x : x + 3]).sum()
    return output
