# %%
from collections import namedtuple

import numpy as np
import matplotlib.pyplot as plt

Standardized = namedtuple("Standardized", "z mean std")

# %% the variance is the mean of the squares minus the square of the mean
def moments(x):
    ones = np.ones(x.shape[0])
    return ones @ x / ones.size, ones @ x ** 2 / ones.size

def standardize(x):
    first, second = moments(x)
    std = (second - first ** 2) ** 0.5
    return Standardized((x - first) / std, first, std)

# %%
plt.hist(standardize(np.random.rand(100, 2))[0])
plt.show()
