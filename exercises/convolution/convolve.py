"""Exercise "Convolution": write the function below. README.md says what it does and how it is tested."""

import numpy as np


def convolve(image, kernel):
    """Slide the kernel over the image and return the feature map.

    image:   2-D NumPy array with H rows and W columns, integers or floats
    kernel:  2-D NumPy array with p rows and q columns, integers or floats
    returns: 2-D NumPy array of floats with H - p + 1 rows and W - q + 1 columns
    """
    raise NotImplementedError("Replace this line with your code.")
