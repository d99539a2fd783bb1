"""Exercise "Sigmoid": write the functions below. README.md says what they do and how they are tested."""

import numpy as np


def sigmoid(x):
    """Return 1 / (1 + e^-x) for each value of x.

    x:       NumPy array of floats
    returns: NumPy array of the same shape
    """
    raise NotImplementedError("Replace this line with your code.")


def sigmoid_gradient(x):
    """Return the derivative of the sigmoid at each value of x.

    x:       NumPy array of floats
    returns: NumPy array of the same shape
    """
    raise NotImplementedError("Replace this line with your code.")
