"""Exercise "Gradient step": write the function below. README.md says what it does and how it is tested."""

import numpy as np


def gradient_step(w, b: float, x, y, rate: float):
    """Take one step of gradient descent for the model x @ w + b and the mean squared error.

    w:       1-D NumPy array of d weights
    b:       a float
    x:       2-D NumPy array with n examples (rows) and d features (columns)
    y:       1-D NumPy array with the n numbers to be predicted
    rate:    the learning rate, a positive float
    returns: {"w": the new weights, "b": the new b, "loss": the loss before the step}
    """
    raise NotImplementedError("Replace this line with your code.")
