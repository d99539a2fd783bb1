# %% cell 1
import numpy as np
import matplotlib.pyplot as plt

# %% cell 2: add up shifted copies of the signal
def convolve1d(signal, kernel):
    size = signal.shape[0] - kernel.shape[0] + 1
    result = np.zeros(size)
    for a, weight in enumerate(kernel):
        result += weight * signal[a:a + size]
    return result

# %% cell 3: have a look
x = np.sin(np.linspace(0, 20, 200))
plt.plot(convolve1d(x, np.ones(5) / 5))
plt.show()
