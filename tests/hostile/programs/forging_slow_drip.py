"""Tries: a message arrives one byte at a time, always in time for the next wait, never whole.
Must: the clock runs from the question, not from the last byte."""
# expect: timed_out
import os
import struct
import time

import numpy as np

def convolve(image, kernel):
    for byte in struct.pack("!4sII", b"GRD1", 1 << 18, 0) + b" " * (1 << 18):
        os.write(3, bytes([byte]))
        time.sleep(0.02)
