"""Tries: an exception whose text takes for ever to make.
Must: it is ended at the limit."""
# expect: timed_out


class Endless(Exception):
    def __str__(self):
        while True:
            pass


def convolve(image, kernel):
    raise Endless
