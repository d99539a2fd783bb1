import numpy as np


def top_k(scores, k):
    result = []
    for _ in range(k):
        i = np.argmax(scores)
        result.append(i)
        scores[i] = -1e9
    return result
