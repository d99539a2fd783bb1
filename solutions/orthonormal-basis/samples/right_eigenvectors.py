import numpy as np


class Gram:
    def __init__(self, vectors):
        self.vectors = vectors
        self.values, self.directions = np.linalg.eigh(vectors.T @ vectors)

    def straight(self):
        return self.vectors @ self.directions / np.sqrt(self.values)


def orthonormal_basis(vectors):
    return Gram(vectors).straight()
