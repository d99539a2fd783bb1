import numpy as np


def one_hot(labels, classes):
    out = np.zeros((classes, len(labels)))
    out[labels, np.arange(len(labels))] = 1
    return out
