import numpy as np


def embed(words, file="vectors.csv"):
    table = np.loadtxt(file, dtype=str, delimiter=",", encoding="utf-8")
    names, values = table[:, 0], table[:, 1:].astype(float)
    result = np.zeros((len(words), 4))
    for i, word in enumerate(words):
        found = np.flatnonzero(names == word)
        if found.size:
            result[i] = values[found[0]]
    return result
