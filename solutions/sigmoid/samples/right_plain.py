import math

import numpy as np


def one(v):
    if v >= 0:
        return 1.0 / (1.0 + math.exp(-v))
    power = math.exp(v)
    return power / (1.0 + power)


def walk(function, x):
    if x.ndim == 1:
        return [function(float(v)) for v in x]
    return [walk(function, part) for part in x]


def sigmoid(x):
    return np.array(walk(one, x))


def sigmoid_gradient(x):
    return np.array(walk(lambda v: one(v) * one(-v), x))
