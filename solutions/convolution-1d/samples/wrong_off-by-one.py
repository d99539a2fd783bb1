import numpy as np


def convolve1d(signal, kernel):
    k = kernel.shape[0]
    return np.array([signal[i:i + k].dot(kernel) for i in range(signal.shape[0] - k)])
