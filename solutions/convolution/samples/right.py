import numpy as np


def convolve(image, kernel):
    image_height, image_width = image.shape
    kernel_height, kernel_width = kernel.shape
    output = np.zeros((image_height - kernel_height + 1, image_width - kernel_width + 1))
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            patch = image[row : row + kernel_height, column : column + kernel_width]
            output[row, column] = np.sum(patch * kernel)
    return output
