"""The reference solution: each label is compared with each class."""

import numpy as np


def one_hot(labels, classes):
    """Return a row for each label, with a 1 in the column of its class."""
    return (labels[:, np.newaxis] == np.arange(classes)).astype(float)
