from numpy import *


def top_k(scores, k):
    return argpartition(-scores, k - 1)[:k]
