"""Tries: standard output is flooded.
Must: the flood is cut, never stored, and ends at the limit."""
# expect: timed_out


def convolve(image, kernel):
    while True:
        print("x" * 100_000)
