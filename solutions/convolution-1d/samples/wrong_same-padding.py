import numpy as np


def convolve1d(signal, kernel):
    k = len(kernel)
    padded = np.pad(signal, k // 2)
    return np.array([np.sum(padded[i:i + k] * kernel) for i in range(len(signal))])
