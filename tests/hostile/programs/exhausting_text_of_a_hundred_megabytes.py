"""Tries: a text of a hundred megabytes, inside a tuple.
Must: it is too large, which is said, and nothing of it is sent."""
# expect: invalid_output, timed_out


def convolve(image, kernel):
    return (image, "x" * 100_000_000)
