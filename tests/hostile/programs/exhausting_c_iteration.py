"""Tries: a sum over numbers without end, in C.
Must: it is ended at the limit."""
# expect: timed_out
import itertools


def convolve(image, kernel):
    return sum(itertools.repeat(1))
