import numpy as np


def orthonormal_basis(vectors):
    basis = []
    for v in vectors.T:
        w = v - sum((v @ u) * u for u in basis)
        basis.append(w / np.linalg.norm(w))
    return np.array(basis)
