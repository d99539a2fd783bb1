"""Tries: exceptions that are each other's cause, a group that holds itself, and a traceback of
100000 frames.
Must: an exception like any other."""
# expect: raised, crashed, timed_out


def convolve(image, kernel):
    error = ValueError("first")
    for number in range(100_000):
        try:
            raise error.with_traceback(error.__traceback__) from error
        except ValueError as caught:
            error = caught
    raise ExceptionGroup("all", [error] * 1000) from error
