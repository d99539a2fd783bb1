"""Tries: bytes without end are written to the socket, as fast as it takes them.
Must: what does not begin like a message ends the process."""
# expect: invalid_output
import os

import numpy as np

def convolve(image, kernel):
    while True:
        os.write(3, b"passed! " * 8192)
