import numpy as np


def orthonormal_basis(vectors):
    return vectors / np.linalg.norm(vectors, axis=0)
