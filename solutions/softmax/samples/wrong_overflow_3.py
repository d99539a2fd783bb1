import math

import numpy as np


def softmax(logits):
    n, k = logits.shape
    out = np.zeros((n, k))
    for i in range(n):
        total = 0.0
        for j in range(k):
            total += math.exp(logits[i, j])
        for j in range(k):
            out[i, j] = math.exp(logits[i, j]) / total
    return out
