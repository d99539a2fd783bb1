"""Tries: the socket is shut down, made to block or not, given a timeout and tiny buffers, and a
descriptor is passed over it.
Must: nothing of that reaches the grader's end but its own end."""
# expect: wrong_values, crashed, timed_out, invalid_output
import array
import ctypes
import os
import socket

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def convolve(image, kernel):
    os.set_blocking(3, False)
    os.set_blocking(1, False)
    for option in range(1, 60):
        libc.setsockopt(3, 1, option, ctypes.byref(ctypes.c_int(1)), 4)
    libc.sendmsg(3, ctypes.create_string_buffer(56), 0)
    libc.shutdown(3, 0)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
