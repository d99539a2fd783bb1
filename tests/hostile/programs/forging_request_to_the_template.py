"""Tries: the socket is used as if the template listened on it: fork, reap, free.
Must: the grader listens there, and it is no answer."""
# expect: invalid_output
import json
import os

import numpy as np


def convolve(image, kernel):
    for request in (
        {"op": "fork", "job": {}, "done": []},
        {"op": "reap", "pid": 1},
        {"op": "free", "scratch": "/"},
    ):
        os.write(3, json.dumps(request).encode())
    return np.zeros((6, 6))
