"""Tries: half a message is written, and then nothing more.
Must: at the deadline the process is ended."""
# expect: timed_out
import os
import struct
import time

import numpy as np

def convolve(image, kernel):
    os.write(3, struct.pack("!4sII", b"GRD1", 100, 100) + b'{"op": "returned", ')
    time.sleep(1000)
