import numpy as np


def convolve(image, kernel):
    everything = np.zeros((image.size * 10**6, kernel.size))
    return everything.sum()
