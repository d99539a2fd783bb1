"""Tries: a timer interrupts the worker thousands of times a second, also while it writes a reply.
Must: a reply that is cut short is no reply, and the interrupted process is its own loss."""
# expect: wrong_values, raised, crashed, invalid_output, timed_out
import signal

import numpy as np

def interrupt(number, frame):
    if frame is not None and frame.f_code.co_name != "convolve":
        raise InterruptedError


def convolve(image, kernel):
    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
