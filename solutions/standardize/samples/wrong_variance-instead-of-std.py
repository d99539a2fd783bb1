import numpy as np


def standardize(x):
    mean = x.mean(0)
    std = ((x - mean) ** 2).mean(0)
    return (x - mean) / std, mean, std
