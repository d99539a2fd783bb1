import numpy as np


def to_all(point, others):
    total = np.zeros(len(others))
    k = 0
    while k < len(point):
        total = total + (others[:, k] - point[k]) ** 2
        k += 1
    return np.sqrt(total)


def distances(a, b):
    return np.array(list(map(lambda point: to_all(point, b), a)))
