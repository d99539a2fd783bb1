"""Exercise "Convolution with channels": write the function below. README.md says what it does and how it is tested."""

import numpy as np


def convolve(image, kernels):
    """Slide each kernel over all channels of the image at once and return one feature map for each kernel.

    image:   3-D NumPy array of shape (C, H, W), integers or floats
    kernels: 4-D NumPy array of shape (K, C, p, q), integers or floats
    returns: 3-D NumPy array of shape (K, H - p + 1, W - q + 1)
    """
    raise NotImplementedError("Replace this line with your code.")
