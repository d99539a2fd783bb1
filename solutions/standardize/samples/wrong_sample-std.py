import numpy as np


def standardize(x):
    mean = x.mean(axis=0)
    std = x.std(axis=0, ddof=1)
    return (x - mean) / std, mean, std
