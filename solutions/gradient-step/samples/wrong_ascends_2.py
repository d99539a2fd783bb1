import numpy as np


def gradient_step(w, b, x, y, rate):
    error = y - (np.dot(x, w) + b)
    grad_w = 2 * np.dot(x.T, error) / len(y)
    grad_b = 2 * np.mean(error)
    loss = np.mean(error ** 2)
    new_w = w - rate * grad_w
    new_b = b - rate * grad_b
    return {"w": new_w, "b": new_b, "loss": loss}
