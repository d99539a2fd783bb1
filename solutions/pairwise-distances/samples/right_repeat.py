import numpy as np


class Table:
    def __init__(self, a, b):
        self.shape = len(a), len(b)
        self.left = np.repeat(a, len(b), axis=0)
        self.right = np.tile(b, (len(a), 1))

    def lengths(self):
        return np.sqrt(np.square(self.left - self.right).sum(axis=1))


def distances(a, b):
    table = Table(a, b)
    return table.lengths().reshape(table.shape)
