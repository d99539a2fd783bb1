import numpy as np


def look_up(word):
    with open("vectors.csv", encoding="utf-8") as f:
        for line in f:
            name, rest = line.rstrip("\n").split(",", 1)
            if name == word:
                return [float(n) for n in rest.split(",")]
    return [0, 0, 0, 0]


def embed(words):
    return np.vstack([look_up(w) for w in words]).astype(float)
