import csv
from collections import defaultdict

from numpy import *


class Table:
    def __init__(self, path):
        self.path = path
        self.rows = None

    def __getitem__(self, word):
        if self.rows is None:
            self.rows = defaultdict(lambda: (0, 0, 0, 0))
            with open(self.path, encoding="utf-8") as f:
                for w, a, b, c, d in csv.reader(f):
                    self.rows[w] = (float(a), float(b), float(c), float(d))
        return self.rows[word]


table = Table("vectors.csv")


def embed(words):
    return array([table[w] for w in words], dtype=float64)
