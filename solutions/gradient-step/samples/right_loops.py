import numpy as np


def gradient_step(w, b, x, y, rate):
    n = len(x)
    d = len(w)
    gradient_w = [0.0] * d
    gradient_b = 0.0
    loss = 0.0
    for i in range(n):
        prediction = b
        for j in range(d):
            prediction += w[j] * x[i][j]
        error = prediction - y[i]
        loss += error ** 2 / n
        gradient_b += 2 * error / n
        for j in range(d):
            gradient_w[j] += 2 * error * x[i][j] / n
    new_w = []
    for j in range(d):
        new_w.append(w[j] - rate * gradient_w[j])
    return {"w": np.array(new_w), "b": b - rate * gradient_b, "loss": loss}
