"""Tries: hundreds of files with names that no terminal and no text can show, and without
permissions.
Must: they are removed like any others, and the next one gets an empty folder."""
# expect: wrong_values, raised, timed_out
import os

import numpy as np

def convolve(image, kernel):
    for number in range(1, 250):
        name = bytes([255, 10, 27, 92, number]).replace(b"/", b"_") + b"\n::error::" + b"x" * 200
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0))
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
