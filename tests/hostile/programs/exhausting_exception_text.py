"""Tries: an exception with a text of 50 megabytes.
Must: its first 500 characters are kept."""
# expect: raised, out_of_memory, timed_out


def convolve(image, kernel):
    raise ValueError("x" * 50_000_000)
