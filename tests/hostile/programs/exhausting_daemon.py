"""Tries: a child of a child, in a session of its own, that outlives everything.
Must: there is not one; nothing is left over."""
# expect: wrong_values
import os
import time

import numpy as np


def leave():
    for make in (os.fork, os.forkpty):
        try:
            if make() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(600)
                os._exit(0)
        except OSError:
            pass


leave()


def convolve(image, kernel):
    leave()
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
