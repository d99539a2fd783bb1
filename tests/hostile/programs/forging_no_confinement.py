"""Tries: the bytes of a worker that could not be confined are sent, which would be the grader's
fault and no score.
Must: it is the program's fault: the worker had said that it is ready."""
# expect: invalid_output
import os

import numpy as np

def convolve(image, kernel):
    os.write(3, b"!no memory for landlock")
    os._exit(113)
