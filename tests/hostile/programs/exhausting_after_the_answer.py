"""Tries: the wrong result, when it is thrown away, takes for ever.
Must: the process hangs between two questions, which costs at most its own calls."""
# expect: wrong_type, timed_out, wrong_values


class Sticky:
    def __del__(self):
        while True:
            pass


def convolve(image, kernel):
    return Sticky()
