import csv

import numpy as np

with open("vectors.csv", encoding="utf-8") as f:
    reader = csv.reader(f)
    header = next(reader)
    table = {row[0]: np.array(row[1:], float) for row in reader}


def embed(words):
    return np.array([table.get(w, np.zeros(4)) for w in words])
