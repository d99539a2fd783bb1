import math

import numpy as np


def sigmoid(x):
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        result[index] = 1 / (1 + math.exp(-x[index]))
    return result


def sigmoid_gradient(x):
    s = sigmoid(x)
    return s * (1 - s)
