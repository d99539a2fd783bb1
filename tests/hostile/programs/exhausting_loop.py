"""Tries: a loop without end.
Must: it is ended at the limit."""
# expect: timed_out


def convolve(image, kernel):
    while True:
        pass
