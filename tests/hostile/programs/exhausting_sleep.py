"""Tries: it sleeps.
Must: it is ended at the limit, and costs no processor time."""
# expect: timed_out
import time


def convolve(image, kernel):
    time.sleep(10**6)
