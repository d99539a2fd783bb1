"""Tries: memory without end, and every MemoryError is swallowed.
Must: it keeps within its memory until the limit, or dies of it."""
# expect: timed_out, out_of_memory, crashed, raised


def convolve(image, kernel):
    pieces = []
    size = 1 << 28
    while True:
        try:
            pieces.append(bytearray(size))
        except BaseException:
            size = max(size // 2, 1)
