import numpy as np

vectors = {}
with open("vectors.csv", encoding="utf-8") as f:
    for line in f:
        word, *numbers = line.strip().split(",")
        vectors[word] = [float(n) for n in numbers]


def embed(words):
    return np.array([vectors[w] for w in words if w in vectors])
