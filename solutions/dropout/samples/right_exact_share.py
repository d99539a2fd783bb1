import numpy as np


class Dropper:
    """Loses an exact share of the values, at random places."""

    def __init__(self, p, rng):
        self.p = p
        self.rng = rng

    def __call__(self, x):
        flat = x.flatten() / (1 - self.p)
        count = int(round(self.p * flat.size))
        flat[self.rng.permutation(flat.size)[:count]] = 0
        return flat.reshape(x.shape)


def dropout(x, p, rng):
    return Dropper(p, rng)(x)
