import math

import numpy as np


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def orthonormal_basis(vectors):
    rest = [list(map(float, column)) for column in zip(*vectors)]
    done = []
    while rest:
        v = rest.pop()
        length = math.sqrt(dot(v, v))
        v = [x / length for x in v]
        done.append(v)
        rest = [[x - dot(w, v) * y for x, y in zip(w, v)] for w in rest]
    return np.array([[column[i] for column in done] for i in range(len(done[0]))])
