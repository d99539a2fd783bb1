# %%
import numpy as np
import matplotlib.pyplot as plt

# %%
def shares(row):
    e = np.exp(row - np.amax(row))
    return e / np.sum(e)

# %%
def softmax(logits):
    return np.apply_along_axis(shares, 1, logits)

# %%
plt.bar(range(3), softmax(np.array([[1.0, 2.0, 3.0]]))[0])
plt.show()
