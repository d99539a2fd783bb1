import numpy as np


def convolve(image, kernel):
    kernel = kernel[::-1, ::-1]
    output = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = (image[i : i + 3, j : j + 3] * kernel).sum()
    return output
