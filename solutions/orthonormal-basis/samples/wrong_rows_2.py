import numpy as np


def orthonormal_basis(vectors):
    basis = []
    for v in vectors:
        w = v.copy()
        for u in basis:
            w = w - (w @ u) * u
        length = np.linalg.norm(w)
        if length > 1e-10:
            basis.append(w / length)
    return np.array(basis)
