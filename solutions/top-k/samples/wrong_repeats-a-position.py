import numpy as np


def top_k(scores, k):
    best = np.sort(scores)[::-1][:k]
    return np.array([np.where(scores == value)[0][0] for value in best])
