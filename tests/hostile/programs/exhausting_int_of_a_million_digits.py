"""Tries: an int that takes hours to be written out.
Must: it is too large, which is said, and nobody writes it out."""
# expect: invalid_output, timed_out


def convolve(image, kernel):
    return 1 << 3_400_000
