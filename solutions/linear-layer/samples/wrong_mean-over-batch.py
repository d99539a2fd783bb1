import numpy as np


class Linear:
    def __init__(self, weights, bias):
        self.weights = weights
        self.bias = bias

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, gradient):
        n = gradient.shape[0]
        self.weights_gradient = self.x.T @ gradient / n
        self.bias_gradient = np.sum(gradient, axis=0) / n
        return gradient @ self.weights.T
