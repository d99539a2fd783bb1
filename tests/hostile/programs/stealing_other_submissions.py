"""Tries: the submission of somebody who solved it is read and run.
Must: no other submission can be opened; none is ever written to disk for the worker."""
# expect: wrong_values
import os

import numpy as np

space = {}
try:
    for entry in sorted(os.listdir("@SUBMISSIONS@")):
        if entry.endswith("right.py"):
            exec(open(f"@SUBMISSIONS@/{entry}").read(), space)
            theirs = space["convolve"]
except OSError:
    theirs = None


def convolve(image, kernel):
    return theirs(image, kernel) if theirs else np.zeros((image.shape[0] - 2, image.shape[1] - 2))
