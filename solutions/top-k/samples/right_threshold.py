import numpy as np


def top_k(scores, k):
    limit = np.sort(scores)[len(scores) - k]
    above = np.flatnonzero(scores > limit)
    equal = np.flatnonzero(scores == limit)
    return np.concatenate([above, equal[: k - len(above)]]).astype(np.int32)
