import numpy as np


class Linear:
    def __init__(self, weights, bias):
        self.weights = weights
        self.bias = bias

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, gradient):
        self.weights_gradient = np.zeros(self.weights.shape)
        for row, g in zip(self.x, gradient):
            self.weights_gradient += np.outer(row, g)
            self.bias_gradient = g.copy()
        return gradient.dot(self.weights.T)
