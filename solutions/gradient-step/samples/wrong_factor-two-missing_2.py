import numpy as np


def gradient_step(w, b, x, y, rate):
    n = x.shape[0]
    e = x @ w + b - y
    loss = np.sum(e ** 2) / (2 * n)
    gw = np.array([np.sum(e * x[:, j]) / n for j in range(x.shape[1])])
    gb = np.sum(e) / n
    return {"w": w - rate * gw, "b": b - rate * gb, "loss": loss}
