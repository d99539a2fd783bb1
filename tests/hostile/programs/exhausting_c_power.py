"""Tries: a power of integers, computed in C, which looks at no signal.
Must: it is ended at the limit."""
# expect: timed_out


def convolve(image, kernel):
    return 9 ** 9 ** 9
