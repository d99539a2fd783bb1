"""Tries: a regular expression that backtracks for ever, in C.
Must: it is ended at the limit."""
# expect: timed_out
import re


def convolve(image, kernel):
    return re.match(r"(a*)*(a|a)*(.*)*b", "a" * 5000)
