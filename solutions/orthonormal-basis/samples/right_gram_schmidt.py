import numpy as np


def orthonormal_basis(vectors):
    columns = []
    for j in range(vectors.shape[1]):
        v = vectors[:, j].copy()
        for q in columns:
            v = v - np.dot(q, vectors[:, j]) * q
        columns.append(v / np.sqrt(np.sum(v**2)))
    return np.column_stack(columns)
