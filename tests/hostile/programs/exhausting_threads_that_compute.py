"""Tries: 40 threads that compute without holding the interpreter's lock, while the answer is given
at once.
Must: the answer is wrong, and the threads end with the process."""
# expect: wrong_values, timed_out, crashed, raised
import hashlib
import threading

import numpy as np


def burn():
    while True:
        hashlib.sha256(b"x" * 1_000_000)


def convolve(image, kernel):
    for _ in range(40):
        threading.Thread(target=burn, daemon=True).start()
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
