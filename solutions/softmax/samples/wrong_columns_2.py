import numpy as np


def softmax(logits):
    result = np.zeros(logits.shape)
    for j in range(logits.shape[1]):
        column = logits[:, j]
        e = np.exp(column - max(column))
        result[:, j] = e / sum(e)
    return result
