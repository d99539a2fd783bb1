import numpy as np


def top_k(scores, k):
    order = np.argsort(scores)
    return scores[order[-k:]]
