import numpy as np


class Linear:
    def __init__(self, weights, bias):
        self.weights = weights
        self.bias = bias
        self.weights_gradient = None

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, gradient):
        new = self.x.T @ gradient
        if self.weights_gradient is None:
            self.weights_gradient = new
        else:
            self.weights_gradient = self.weights_gradient + new
        self.bias_gradient = gradient.sum(axis=0)
        return gradient @ self.weights.T
