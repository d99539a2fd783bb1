from numpy import *


def convolve1d(signal, kernel, mode="valid"):
    return correlate(signal, kernel, mode)
