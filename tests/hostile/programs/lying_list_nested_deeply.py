"""Tries: a list 200000 levels deep, for whoever walks through it recursively.
Must: a sentence about its depth, or the end of its own process; the grader goes on."""
# expect: invalid_output, raised, crashed, timed_out


def convolve(image, kernel):
    result = [0.0]
    for _ in range(200_000):
        result = [result]
    return result
