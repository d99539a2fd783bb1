import numpy as np


def one_hot(labels, classes):
    return np.array([[1 if label == c else 0 for label in labels] for c in range(classes)])
