import numpy as np


def top_k(scores, k):
    return np.argsort(scores)[::-1][-k:]
