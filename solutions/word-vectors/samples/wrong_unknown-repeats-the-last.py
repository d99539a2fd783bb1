import numpy as np

vectors = {}
with open("vectors.csv", encoding="utf-8") as f:
    for line in f:
        word, *numbers = line.strip().split(",")
        vectors[word] = [float(n) for n in numbers]


def embed(words):
    rows = []
    row = np.zeros(4)
    for word in words:
        if word in vectors:
            row = np.array(vectors[word])
        rows.append(row)
    return np.array(rows)
