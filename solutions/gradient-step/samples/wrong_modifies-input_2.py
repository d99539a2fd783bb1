import numpy as np


def gradient_step(w, b, x, y, rate):
    e = x @ w + b - y
    for j in range(len(w)):
        w[j] = w[j] - rate * 2 * np.mean(e * x[:, j])
    return {"w": w, "b": b - rate * 2 * e.mean(), "loss": (e @ e) / len(e)}
