import numpy as np


def one_hot(labels, classes):
    """Compare each label with each class, in the widest type that there is."""
    numbers = np.arange(classes)
    return (labels[:, None] == numbers).astype(np.complex128)
