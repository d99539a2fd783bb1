import numpy as np


def one_hot(labels, classes):
    return (np.arange(classes + 1) == labels.reshape(-1, 1)) * 1.0
