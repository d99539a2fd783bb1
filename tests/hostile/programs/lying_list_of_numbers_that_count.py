"""Tries: a list of objects whose __float__ counts how often it is asked, and answers right the
second time.
Must: a list is a wrong type; its objects are asked at most in their own process."""
# expect: wrong_type


class Number:
    asked = 0

    def __float__(self):
        Number.asked += 1
        return float(Number.asked)

    __array__ = None


def convolve(image, kernel):
    return [[Number()] * (image.shape[1] - 2)] * (image.shape[0] - 2)
