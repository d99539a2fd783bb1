import numpy as np


def orthonormal_basis(vectors):
    n, k = vectors.shape
    basis = vectors.copy()
    for j in range(k):
        for i in range(j):
            u = basis[:, i]
            basis[:, j] -= (u @ basis[:, j]) / (u @ u) * u
    return basis
