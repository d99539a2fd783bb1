import numpy as np


def orthonormal_basis(vectors):
    """The orthonormal columns that are nearest to the given ones."""
    factor = np.linalg.cholesky(vectors.T @ vectors)
    return np.linalg.solve(factor, vectors.T).T
