"""Exercise "Convolution in one dimension": write the function below. README.md says what it does."""

import numpy as np


def convolve1d(signal, kernel):
    """Slide the kernel along the signal and return the sums of products.

    signal:  1-D NumPy array with n numbers, integers or floats
    kernel:  1-D NumPy array with k weights, integers or floats; k is at most n
    returns: 1-D NumPy array with n - k + 1 numbers
    """
    raise NotImplementedError("Replace this line with your code.")
