"""Tries: the inputs are printed, on every descriptor that can be written.
Must: what is printed is no answer."""
# expect: wrong_values
import os
import sys

import numpy as np


def convolve(image, kernel):
    print(image.tolist(), kernel.tolist(), file=sys.stderr, flush=True)
    for fd in (0, 1, 2):
        try:
            os.write(fd, image.tobytes())
        except OSError:
            pass
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
