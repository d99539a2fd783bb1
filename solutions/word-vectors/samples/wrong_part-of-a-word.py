import numpy as np

lines = open("vectors.csv", encoding="utf-8").read().split("\n")


def embed(words):
    result = np.zeros((len(words), 4))
    for i, word in enumerate(words):
        for line in lines:
            if line.startswith(word):
                result[i] = [float(n) for n in line.split(",")[1:]]
                break
    return result
