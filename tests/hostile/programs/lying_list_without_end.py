"""Tries: lists that contain themselves, for whoever turns lists into arrays.
Must: the walk ends, with a sentence about its size."""
# expect: invalid_output


def convolve(image, kernel):
    first, second = [], []
    first += [second, first]
    second += [first, second]
    return first
