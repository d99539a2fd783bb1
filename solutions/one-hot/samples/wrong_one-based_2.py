import numpy as np


def one_hot(labels, classes):
    return np.array([[int(label == c) for c in range(1, classes + 1)] for label in labels])
