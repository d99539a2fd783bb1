"""Tries: lists that hold themselves, for whoever walks through them to the end.
Must: the end of the walk, and a sentence about it."""
# expect: invalid_output, timed_out


def convolve(image, kernel):
    first, second = [image], {"kernel": kernel}
    first.append(second)
    second["first"] = first
    return first
