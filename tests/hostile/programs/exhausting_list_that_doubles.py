"""Tries: a list of two lists that are one, thirty levels deep: a thousand million parts.
Must: the parts are counted before they are sent."""
# expect: invalid_output, timed_out


def convolve(image, kernel):
    result = [image.tolist(), "text"]
    for _ in range(30):
        result = [result, result]
    return result
