import numpy as np


def orthonormal_basis(vectors):
    n, k = vectors.shape
    for j in range(k):
        for i in range(j):
            vectors[:, j] -= vectors[:, i] @ vectors[:, j] * vectors[:, i]
        vectors[:, j] /= np.linalg.norm(vectors[:, j])
    return vectors
