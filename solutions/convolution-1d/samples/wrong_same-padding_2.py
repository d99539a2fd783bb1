import numpy as np


def convolve1d(signal, kernel):
    result = np.zeros(len(signal))
    for i in range(len(signal) - len(kernel) + 1):
        for j in range(len(kernel)):
            result[i] += signal[i + j] * kernel[j]
    return result
