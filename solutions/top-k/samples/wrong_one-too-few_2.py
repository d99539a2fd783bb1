import numpy as np


def top_k(scores, k):
    order = np.argsort(scores)[::-1]
    found = []
    for i in range(1, k):
        found.append(order[i - 1])
    return found
