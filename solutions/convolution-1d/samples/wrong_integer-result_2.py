import numpy as np


def convolve1d(signal, kernel):
    m = len(signal) - len(kernel) + 1
    out = np.zeros(m, dtype=int)
    for i in range(m):
        for j in range(len(kernel)):
            out[i] += signal[i + j] * kernel[j]
    return out
