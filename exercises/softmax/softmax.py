"""Exercise "Softmax": write the function below. README.md says what it does and how it is tested."""

import numpy as np


def softmax(logits):
    """Turn each row of scores into probabilities.

    logits:  2-D NumPy array of floats with n rows and k columns
    returns: 2-D NumPy array of floats of the same shape; each row adds up to 1
    """
    raise NotImplementedError("Replace this line with your code.")
