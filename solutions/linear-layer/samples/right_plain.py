import numpy as np


class Linear:
    def __init__(self, weights, bias):
        self.w = weights.tolist()
        self.b = bias.tolist()

    def forward(self, x):
        self.last = x.tolist()
        rows = []
        for row in self.last:
            rows.append([
                self.b[j] + sum(row[a] * self.w[a][j] for a in range(len(row)))
                for j in range(len(self.b))
            ])
        return np.array(rows)

    def backward(self, gradient):
        g = gradient.tolist()
        n, d, m = len(g), len(self.w), len(self.b)
        self.weights_gradient = np.zeros((d, m))
        self.bias_gradient = np.zeros(m)
        back = np.zeros((n, d))
        for i in range(n):
            for j in range(m):
                self.bias_gradient[j] += g[i][j]
                for a in range(d):
                    self.weights_gradient[a][j] += self.last[i][a] * g[i][j]
                    back[i][a] += g[i][j] * self.w[a][j]
        return back
