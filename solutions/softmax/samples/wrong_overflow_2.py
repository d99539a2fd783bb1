import numpy as np


def softmax(logits):
    shifted = logits - np.max(logits)
    e = np.exp(shifted)
    return (e.T / e.sum(axis=1)).T
