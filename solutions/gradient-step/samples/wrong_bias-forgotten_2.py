import numpy as np


def gradient_step(w, b, x, y, rate):
    e = x @ w - y
    return {
        "w": w - rate * 2 * (x.T @ e) / len(y),
        "b": b - rate * 2 * e.mean(),
        "loss": np.mean(e**2),
    }
