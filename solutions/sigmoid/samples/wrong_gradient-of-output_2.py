import math

import numpy as np


def sigmoid(x):
    return 0.5 * (np.tanh(x / 2) + 1)


def sigmoid_gradient(x):
    output = x
    return output - output**2
