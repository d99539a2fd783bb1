"""Tries: Python objects without end.
Must: the memory is refused: out of memory, or the time is over first."""
# expect: out_of_memory, timed_out


def convolve(image, kernel):
    pieces = []
    while True:
        pieces.append([pieces] * 100)
