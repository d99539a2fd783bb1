import numpy as np


class Linear:
    def __init__(self, weights, bias):
        self.weights = weights
        self.bias = bias

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, gradient):
        self.weights_gradient = np.zeros_like(self.weights)
        self.bias_gradient = np.zeros_like(self.bias)
        back = np.zeros_like(self.x)
        for i in range(gradient.shape[0]):
            for j in range(gradient.shape[1]):
                self.bias_gradient[j] += gradient[i, j]
                for a in range(self.x.shape[1]):
                    self.weights_gradient[a, j] += self.x[i, a] * gradient[i, j]
                    back[i, a] += gradient[i, j] * self.weights[j, a]
        return back
