import numpy as np


def gradient_step(w, b, x, y, rate):
    e = x @ w + b - y
    n = len(y)
    return {
        "w": w + rate * 2 / n * x.T @ e,
        "b": b + rate * 2 / n * e.sum(),
        "loss": (e**2).mean(),
    }
