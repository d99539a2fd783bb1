import numpy as np


def gradient_step(w, b, x, y, rate):
    loss, dw, db = 0, np.zeros_like(w), 0
    for xi, yi in zip(x, y):
        e = xi @ w + b - yi
        loss += e ** 2
        dw += 2 * e * xi
        db += 2 * e
    return {"w": w - rate * dw, "b": b - rate * db, "loss": loss}
