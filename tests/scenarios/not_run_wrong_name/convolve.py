import numpy as np


def convolv(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
