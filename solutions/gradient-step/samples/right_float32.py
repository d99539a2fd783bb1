# %%
import numpy as np
import matplotlib.pyplot as plt

# %%
def predict(x, w, b):
    return np.einsum("nd,d->n", x, w) + b

def mse(prediction, y):
    return np.square(np.subtract(prediction, y)).sum() / y.size

def gradients(x, error):
    return 2 * np.mean(error[:, None] * x, axis=0), 2 * error.mean()

# %%
def gradient_step(w, b, x, y, rate, dtype="float32"):
    prediction = predict(x, w, b)
    dw, db = gradients(x, prediction - y)
    w = w.copy()
    w -= rate * dw
    b -= rate * db
    return {"w": w.astype(dtype), "b": np.float32(b), "loss": mse(prediction, y)}

# %%
w, b = np.zeros(1), 0.0
x, y = np.linspace(0, 1, 9)[:, None], np.linspace(1, 3, 9)
losses = []
for _ in range(20):
    step = gradient_step(w, b, x, y, 0.1)
    w, b = step["w"], step["b"]
    losses.append(step["loss"])
plt.plot(losses)
plt.show()
