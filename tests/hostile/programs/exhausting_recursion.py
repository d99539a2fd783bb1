"""Tries: recursion without end.
Must: an exception like any other."""
# expect: raised


def convolve(image, kernel):
    return convolve(image, kernel)
