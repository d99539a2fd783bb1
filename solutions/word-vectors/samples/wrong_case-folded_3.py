import numpy as np

vectors = {}
with open("vectors.csv", encoding="utf-8") as f:
    for line in f:
        word, *numbers = line.strip().split(",")
        vectors[word] = [float(n) for n in numbers]


def embed(words):
    result = np.zeros((len(words), 4))
    for i, w in enumerate(words):
        for name in vectors:
            if name.casefold() == w.casefold():
                result[i] = vectors[name]
                break
    return result
