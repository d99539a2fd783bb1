import csv

import numpy as np


def embed(words):
    lines = list(csv.reader(open("vectors.csv", encoding="utf-8")))
    result = np.zeros((0, 4))
    for word in words:
        for line in lines:
            if line[0] == word:
                result = np.vstack([result, np.array(line[1:]).astype(float)])
    return result
