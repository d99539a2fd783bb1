"""Exercise "Orthonormal basis": write the function below. README.md says what it does and how it is tested."""

import numpy as np


def orthonormal_basis(vectors):
    """Return an orthonormal basis of the space that the columns span.

    vectors: 2-D NumPy array of floats with n rows and k columns, k <= n, the columns independent
    returns: 2-D NumPy array with n rows and k columns
    """
    raise NotImplementedError("Replace this line with your code.")
