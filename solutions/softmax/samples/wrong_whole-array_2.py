import numpy as np


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1)[:, None])
    total = 0
    for row in e:
        for value in row:
            total += value
    return e / total
