import numpy as np


def convolve(image, kernel):
    # The definition in the mathematics book turns the kernel by 180 degrees first.
    kernel = np.flip(kernel)
    h, w = kernel.shape
    result = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
    return result
