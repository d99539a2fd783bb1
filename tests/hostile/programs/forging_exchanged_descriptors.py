"""Tries: the output pipe is put over the socket, and the socket over the outputs.
Must: answers in the output are none, and output on the socket is no answer."""
# expect: timed_out, crashed, invalid_output
import os

import numpy as np

def convolve(image, kernel):
    socket, output = os.dup(3), os.dup(1)
    os.dup2(output, 3)
    os.dup2(socket, 1)
    os.dup2(socket, 2)
    print("4 of 4", flush=True)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
