"""Tries: lists that contain themselves, for whoever turns lists into arrays.
Must: a list is a wrong type, and the conversion ends."""
# expect: timed_out, wrong_type, raised


def convolve(image, kernel):
    first, second = [], []
    first += [second, first]
    second += [first, second]
    return first
