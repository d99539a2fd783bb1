"""Tries: the header is 100000 brackets deep.
Must: it cannot be read, and no recursion ends the grader."""
# expect: invalid_output
import os
import struct

import numpy as np

def convolve(image, kernel):
    text = b"[" * 100_000 + b"]" * 100_000
    os.write(3, struct.pack("!4sII", b"GRD1", len(text), 0) + text)
    os._exit(0)
