import numpy as np


def gradient_step(w, b, x, y, rate):
    e = x @ w + b - y
    w = w - rate * 2 * (x.T @ e) / len(y)
    b = b - rate * 2 * e.mean()
    return {"w": w, "b": b, "loss": np.mean((x @ w + b - y) ** 2)}
