"""Tries: it stops itself with SIGSTOP: a process that does not run cannot be asked to end.
Must: it is ended at the limit."""
# expect: timed_out
import os
import signal


def convolve(image, kernel):
    os.kill(os.getpid(), signal.SIGSTOP)
    while True:
        pass
