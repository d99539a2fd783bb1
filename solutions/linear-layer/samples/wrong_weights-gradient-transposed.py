import numpy as np


class Linear:
    def __init__(self, weights, bias):
        self.weights = weights
        self.bias = bias

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, gradient):
        self.weights_gradient = (self.x.T @ gradient).T
        self.bias_gradient = gradient.sum(axis=0)
        return gradient @ self.weights.T
