"""Tries: exit handlers, finalizers and hooks write a gradebook and exit with status 0.
Must: the files are out of reach, and the worker ends without handlers."""
# expect: wrong_values
import atexit
import os
import sys
import weakref

import numpy as np


def rewrite(*args):
    for path in (
        "@CANARY@/atexit",
        "@OUTPUT@/gradebook.csv",
        "@OUTPUT@/reports/forging_at_exit.py.json",
    ):
        try:
            open(path, "w").write("forged")
        except OSError:
            pass
    os._exit(0)


class Last:
    __del__ = rewrite


atexit.register(rewrite)
weakref.finalize(Last, rewrite)
sys.excepthook = sys.unraisablehook = rewrite


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
