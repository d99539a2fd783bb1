"""Tries: SystemExit(0) from inside of the call.
Must: it is an exception like any other."""
# expect: raised
import sys

import numpy as np

def convolve(image, kernel):
    sys.exit(0)
