import numpy as np


def orthonormal_basis(vectors):
    return np.linalg.svd(vectors)[0]
