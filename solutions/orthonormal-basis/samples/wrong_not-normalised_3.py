import numpy as np


def orthonormal_basis(vectors):
    columns = []
    for v in vectors.T:
        w = v - sum((v @ u) * u for u in columns)
        columns.append(w)
    return np.array(columns).T
