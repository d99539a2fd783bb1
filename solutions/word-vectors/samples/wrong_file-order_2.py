import numpy as np

table = np.genfromtxt("vectors.csv", dtype=str, delimiter=",", encoding="utf-8")


def embed(words):
    chosen = table[np.isin(table[:, 0], words), 1:].astype(float)
    result = np.zeros((len(words), 4))
    result[: len(chosen)] = chosen
    return result
