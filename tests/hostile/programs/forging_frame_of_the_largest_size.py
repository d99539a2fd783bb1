"""Tries: a message of exactly the largest size, full of brackets, and another one behind it.
Must: it is read in bounded time, and cannot be read."""
# expect: invalid_output, timed_out
import os
import struct

import numpy as np

def convolve(image, kernel):
    message = struct.pack("!4sII", b"GRD1", 1 << 18, 1 << 23) + b"[" * (1 << 18) + b"\0" * (1 << 23)
    data = memoryview(message * 2)
    while data:
        data = data[os.write(3, data) :]
    os._exit(0)
