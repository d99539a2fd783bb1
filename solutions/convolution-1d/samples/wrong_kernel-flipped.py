import numpy as np


def convolve1d(signal, kernel):
    return np.convolve(signal, kernel, mode="valid")
