"""Tries: a dict of a million keys.
Must: it is too large, which is said, and nothing of it is sent."""
# expect: invalid_output, timed_out


def convolve(image, kernel):
    return dict.fromkeys(range(1_000_000), 0.0)
