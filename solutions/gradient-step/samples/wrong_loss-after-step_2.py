import numpy as np


def loss(w, b, x, y):
    return sum((xi @ w + b - yi) ** 2 for xi, yi in zip(x, y)) / len(y)


def gradient_step(w, b, x, y, rate):
    e = np.array([xi @ w + b - yi for xi, yi in zip(x, y)])
    result = {"w": w - rate * 2 * np.mean(e * x.T, axis=1), "b": b - rate * 2 * np.mean(e)}
    result["loss"] = loss(result["w"], result["b"], x, y)
    return result
