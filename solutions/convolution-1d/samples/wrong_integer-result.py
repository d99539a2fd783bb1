import numpy as np


def convolve1d(signal, kernel):
    k = len(kernel)
    out = np.zeros_like(signal)[:len(signal) - k + 1]
    for i in range(len(out)):
        out[i] = np.sum(signal[i:i + k] * kernel)
    return out
