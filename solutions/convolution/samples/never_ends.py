import numpy as np


def convolve(image, kernel):
    output = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    row = 0
    while row < output.shape[0]:
        for column in range(output.shape[1]):
            output[row, column] = np.sum(image[row : row + 3, column : column + 3] * kernel)
        # row += 1 is missing
    return output
