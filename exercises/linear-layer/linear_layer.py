"""Exercise "Linear layer": write the class below. README.md says what it does and how it is tested."""

import numpy as np


class Linear:
    """A fully connected layer: forward computes, backward says how the loss depends on its inputs.

    weights: 2-D NumPy array of floats with d rows and m columns
    bias:    1-D NumPy array of m floats
    """

    def __init__(self, weights, bias):
        raise NotImplementedError("Replace this line with your code.")

    def forward(self, x):
        """Return the layer's output for a batch.

        x:       2-D NumPy array of floats with n rows (examples) and d columns
        returns: 2-D NumPy array with n rows and m columns
        """
        raise NotImplementedError("Replace this line with your code.")

    def backward(self, gradient):
        """Return the gradient for x of the last forward; set weights_gradient and bias_gradient.

        gradient: the gradient for the output of the last forward, n rows and m columns
        returns:  the gradient for its x, n rows and d columns
        """
        raise NotImplementedError("Replace this line with your code.")
