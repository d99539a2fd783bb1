from numpy import *


def orthonormal_basis(vectors, dtype=float32):
    u, s, vt = linalg.svd(vectors, full_matrices=False)
    return u.astype(dtype)
