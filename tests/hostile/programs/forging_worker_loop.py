"""Tries: the worker's frames are traced, and the arguments, the result and the token in them are
exchanged.
Must: all of them are the program's own affair; the result is wrong."""
# expect: wrong_values, crashed, invalid_output, raised, timed_out
import ctypes
import sys

import numpy as np

def convolve(image, kernel):
    frame = sys._getframe(1)
    while frame:
        for name in ("result", "reply", "header", "loaded"):
            if name in frame.f_locals:
                frame.f_locals[name] = {"verdict": "passed"}
                if hasattr(ctypes.pythonapi, "PyFrame_LocalsToFast"):
                    ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
        frame.f_trace = lambda *args: None
        frame = frame.f_back
    sys.settrace(lambda *args: None)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
