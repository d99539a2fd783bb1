import numpy as np


def standardize(x):
    mean = np.mean(x)
    std = np.std(x)
    return (x - mean) / std, mean, std
