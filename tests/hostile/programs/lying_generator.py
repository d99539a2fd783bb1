"""Tries: a generator that yields rows for ever, for whoever turns the result into an array.
Must: nobody iterates over it; it is no array."""
# expect: wrong_type


def rows():
    while True:
        yield [0.0]


def convolve(image, kernel):
    return rows()
