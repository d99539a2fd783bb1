import numpy as np


def orthonormal_basis(vectors):
    result = np.zeros_like(vectors)
    for j in range(vectors.shape[1]):
        v = vectors[:, j].copy()
        for i in range(j):
            v -= (vectors[:, i] @ v) / (vectors[:, i] @ vectors[:, i]) * vectors[:, i]
        result[:, j] = v / np.linalg.norm(v)
    return result
