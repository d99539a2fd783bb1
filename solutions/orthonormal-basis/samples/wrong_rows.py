import numpy as np


def orthonormal_basis(vectors):
    q, _ = np.linalg.qr(vectors.T)
    return q.T
