"""Exercise "Dropout": write the function below. README.md says what it does and how it is tested."""

import numpy as np


def dropout(x, p, rng):
    """Return x with each value set to 0 with probability p, and the others divided by 1 - p.

    x:       NumPy array of floats
    p:       float, from 0 up to, but not including, 1
    rng:     numpy.random.Generator, from which all random numbers are drawn
    returns: NumPy array of the shape of x
    """
    raise NotImplementedError("Replace this line with your code.")
