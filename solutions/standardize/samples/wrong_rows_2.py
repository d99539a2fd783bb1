import numpy as np


def standardize(x):
    mean = np.array([row.sum() / len(row) for row in x])
    std = np.array([np.sqrt(((row - m) ** 2).sum() / len(row)) for row, m in zip(x, mean)])
    z = (x - mean[:, None]) / std[:, None]
    return z, mean, std
