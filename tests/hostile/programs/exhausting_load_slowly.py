"""Tries: each load takes almost as long as it may, and each call kills the process, so that it is
loaded again.
Must: the limits of loads and calls bound it."""
# expect: crashed
import os
import time


time.sleep(0.4)


def convolve(image, kernel):
    os.abort()
