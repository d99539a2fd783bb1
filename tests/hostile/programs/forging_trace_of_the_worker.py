"""Tries: every step of the worker is traced after the call, and its local variables are changed.
Must: the frames of the worker hold nothing but what it computed itself."""
# expect: wrong_values, wrong_type, raised, crashed, invalid_output
import sys

import numpy as np

def trace(frame, event, argument):
    for name in ("result", "expected", "verdict", "score", "array"):
        if name in frame.f_locals:
            frame.f_locals[name] = 4.0
    return trace


def convolve(image, kernel):
    sys.settrace(trace)
    sys.setprofile(trace)
    frame = sys._getframe()
    while frame is not None:
        frame.f_trace = trace
        frame = frame.f_back
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
