"""Tries: the reference solution is read from its real, absolute path and run.
Must: it cannot be opened."""
# expect: wrong_values
import numpy as np

space = {}
try:
    with open("@SOLUTIONS@/reference.py") as file:
        exec(file.read(), space)
except OSError:
    pass


def convolve(image, kernel):
    for name in ("reference", "convolve"):
        if name in space:
            return space[name](image, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
