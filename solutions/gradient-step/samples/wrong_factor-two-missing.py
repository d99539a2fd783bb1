import numpy as np


def gradient_step(w, b, x, y, rate):
    e = x @ w + b - y
    n = x.shape[0]
    return {"w": w - rate * (x.T @ e) / n, "b": b - rate * e.mean(), "loss": np.mean(e ** 2)}
