import numpy as np


def gradient_step(w, b, x, y, rate):
    e = x @ w + b - y
    loss = np.mean(e ** 2)
    w -= rate * 2 * (x.T @ e) / len(y)
    b -= rate * 2 * e.mean()
    return {"w": w, "b": b, "loss": loss}
