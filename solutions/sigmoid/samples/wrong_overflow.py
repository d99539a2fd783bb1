import math

import numpy as np


def sigmoid(x):
    return np.exp(x) / (1 + np.exp(x))


def sigmoid_gradient(x):
    s = sigmoid(x)
    return s * (1 - s)
