import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_gradient(x):
    s = sigmoid(x)
    return sigmoid(s) * (1 - sigmoid(s))
