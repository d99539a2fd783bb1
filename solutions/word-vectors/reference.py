"""The reference solution: a dict from word to vector."""

import csv

import numpy as np

with open("vectors.csv", encoding="utf-8", newline="") as file:  # noqa: PTH123 - as submissions do
    VECTORS = {
        word: [float(number) for number in numbers]
        for word, *numbers in csv.reader(file)
    }


def embed(words):
    """Return one row for each word; that of an unknown one is zeros."""
    return np.array([VECTORS.get(word, [0.0] * 4) for word in words])
