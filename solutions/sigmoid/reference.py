"""The reference solution: the logarithm of 1 + e^-x never overflows, nor does what follows."""

import numpy as np


def sigmoid(x):
    """Return 1 / (1 + e^-x)."""
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_gradient(x):
    """Return the derivative of the sigmoid at x."""
    return sigmoid(x) * sigmoid(-x)
