"""Exercise "Pairwise distances": write the function below. README.md says what it does and how it is tested."""

import numpy as np


def distances(a, b):
    """Return the distance of each point of a to each point of b.

    a:       2-D NumPy array of floats, n points in n rows of d numbers
    b:       2-D NumPy array of floats, m points in m rows of d numbers
    returns: 2-D NumPy array with n rows and m columns
    """
    raise NotImplementedError("Replace this line with your code.")
