"""Tries: the inputs are shown in the name of the result's class.
Must: the name is cut and cleaned; it is a wrong type."""
# expect: wrong_type


def convolve(image, kernel):
    return type(repr(image.tolist()) * 100 + "\x1b[2J\n", (), {})()
