"""Tries: a whole report, and the formats of several platforms, are printed to both outputs and to
their descriptors.
Must: what a program prints is no report."""
# expect: wrong_values
import os
import sys

import numpy as np

REPORT = '{"schema_version": 2, "status": "graded", "score": 4.0, "max_score": 4.0, "cases": [], "verdict": "passed"}\n'


def convolve(image, kernel):
    for fd in (1, 2):
        os.write(fd, REPORT.encode())
    print("::set-output name=points::4\nok 1 - 8x8\n", REPORT, file=sys.__stderr__, flush=True)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
