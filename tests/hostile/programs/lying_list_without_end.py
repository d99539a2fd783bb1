"""Tries: lists that contain themselves, for whoever turns lists into arrays.
Must: the walk ends, with a sentence about its size; on a busy machine its time may end first."""
# expect: invalid_output, timed_out


def convolve(image, kernel):
    first, second = [], []
    first += [second, first]
    second += [first, second]
    return first
