"""Tries: an integer with a hundred million digits, for whoever writes it as text.
Must: it is too large, which is said, and nobody writes it out."""
# expect: timed_out, invalid_output


def convolve(image, kernel):
    return 1 << 300_000_000
