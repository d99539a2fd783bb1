"""Tries: the process exits with status 0 while the file is loaded, before and after the definition.
Must: only its definitions are loaded then, and they are wrong."""
# expect: wrong_values
import os

import numpy as np

def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))


os._exit(0)
