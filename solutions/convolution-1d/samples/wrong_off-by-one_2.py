import numpy as np


def convolve1d(signal, kernel):
    n = len(signal)
    k = len(kernel)
    out = np.zeros(n - k + 1)
    i = 0
    while i + k < n:
        out[i] = (signal[i:i + k] * kernel).sum()
        i = i + 1
    return out
