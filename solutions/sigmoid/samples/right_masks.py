import numpy as np


class Sigmoid:
    def __call__(self, x):
        result = np.empty_like(x)
        positive = x >= 0
        result[positive] = 1 / (1 + np.exp(-x[positive]))
        powers = np.exp(x[~positive])
        result[~positive] = powers / (powers + 1)
        return result

    def gradient(self, x):
        powers = np.exp(-np.abs(x))
        return powers / np.square(1 + powers)


_function = Sigmoid()
sigmoid = lambda x: _function(x)


def sigmoid_gradient(x):
    return _function.gradient(x)
