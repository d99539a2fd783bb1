import math

import numpy as np


def standardize(x):
    n = len(x)
    d = len(x[0])
    means = []
    stds = []
    for j in range(d):
        column = [float(x[i][j]) for i in range(n)]
        mean = sum(column) / n
        variance = 0.0
        for value in column:
            variance += (value - mean) ** 2 / n
        means.append(mean)
        stds.append(math.sqrt(variance))
    z = [[(x[i][j] - means[j]) / stds[j] for j in range(d)] for i in range(n)]
    return np.array(z), np.array(means), np.array(stds)
