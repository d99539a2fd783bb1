"""Tries: the functions that describe its result are replaced: they are in the frame of the caller.
Must: a wrong result stays wrong, however it is described."""
# expect: invalid_output, wrong_type, wrong_values
import io
import sys

import numpy as np


def npy(array):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, (1, 0))
    return file.getvalue()


def convolve(image, kernel):
    wrong = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    judge = sys._getframe(1).f_globals
    judge["Packer"] = type("Packer", (), {"pack": lambda _self, _result: npy(wrong)})
    judge["_after"] = npy
    judge["describe_exception"] = lambda _error, _cells: {"verdict": "passed"}
    return None
