import numpy as np
from types import SimpleNamespace


def Linear(weights, bias):
    layer = SimpleNamespace()

    def forward(x):
        layer.x = x
        return np.dot(x, weights) + bias

    def backward(gradient):
        layer.weights_gradient = np.dot(layer.x.T, gradient)
        layer.bias_gradient = np.ones(len(gradient)) @ gradient
        return np.dot(weights, gradient.T).T

    layer.forward = forward
    layer.backward = backward
    return layer
