import numpy as np


def standardize(x):
    n = x.shape[0]
    mean = x.sum(axis=0) / n
    std = (((x - mean) ** 2).sum(axis=0) / (n - 1)) ** 0.5
    return ((x - mean) / std, mean, std)
