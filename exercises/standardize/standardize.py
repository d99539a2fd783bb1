"""Exercise "Standardize": write the function below. README.md says what it does and how it is tested."""

import numpy as np


def standardize(x):
    """Bring every column to mean 0 and standard deviation 1.

    x:       2-D NumPy array of floats with n rows and d columns; no column is constant
    returns: the tuple (z, mean, std) of NumPy arrays: z of shape (n, d), mean and std of shape (d,)
    """
    raise NotImplementedError("Replace this line with your code.")
