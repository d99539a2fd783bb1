"""Tries: the functions that describe its result are replaced: they are in the frame of the caller.
Must: a wrong result stays wrong, however it is described."""
# expect: wrong_type, wrong_values
import sys

import numpy as np


def convolve(image, kernel):
    wrong = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    judge = sys._getframe(1).f_globals
    whole = type("Packer", (), {"pack": lambda _self, _result: wrong.tobytes()})
    judge["Packer"] = whole
    judge["_after"] = lambda _argument: b""
    judge["describe_exception"] = lambda _error, _cells: {"verdict": "passed"}
    return None
