"""Tries: a prefix announces 4 gigabytes of header and of payload.
Must: it is refused at the announcement."""
# expect: invalid_output
import os
import struct
import threading

import numpy as np

def convolve(image, kernel):
    os.write(3, struct.pack("!4sII", b"GRD1", 0xFFFFFFFF, 0xFFFFFFFF))
    threading.Event().wait()
