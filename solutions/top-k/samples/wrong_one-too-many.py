import numpy as np


def top_k(scores, k):
    order = np.argsort(-scores)
    return order[0 : k + 1]
