import numpy as np


def gradient_step(w, b, x, y, rate):
    e = x @ w + b - y
    return {"w": w - rate * 2 * x.T @ e, "b": b - rate * 2 * e.sum(), "loss": np.mean(e ** 2)}
