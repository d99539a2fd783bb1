import numpy as np


def orthonormal_basis(vectors):
    q, r = np.linalg.qr(vectors)
    return q * np.diag(r)
