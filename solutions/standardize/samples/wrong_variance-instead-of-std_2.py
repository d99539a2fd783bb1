import numpy as np


def standardize(x):
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    z = (x - mean) / np.sqrt(var)
    return z, mean, var
