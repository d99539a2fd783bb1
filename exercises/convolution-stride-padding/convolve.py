"""Exercise "Convolution with stride and padding": write the function below. README.md says what it does."""

import numpy as np


def convolve(image, kernel, stride: int = 1, padding: int = 0):
    """Put zeros around the image, slide the kernel over it in steps of `stride`, and return the sums of products.

    image:   2-D NumPy array with H rows and W columns, integers or floats
    kernel:  2-D NumPy array with p rows and q columns, integers or floats
    stride:  how many rows and columns lie between two positions of the kernel
    padding: how many rows and columns of zeros are put on each of the four sides
    returns: 2-D NumPy array with (H + 2 * padding - p) // stride + 1 rows
             and (W + 2 * padding - q) // stride + 1 columns
    """
    raise NotImplementedError("Replace this line with your code.")
