"""Tries: the result is equal to, and less than, and greater than anything.
Must: it never meets an expected value; it is no array."""
# expect: wrong_type


class Everything:
    def yes(self, *args):
        return True

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = yes
    __hash__ = None

    def same(self, *args):
        return self

    __sub__ = __rsub__ = __abs__ = __getitem__ = __add__ = __radd__ = __mul__ = __rmul__ = same

    def __float__(self):
        return 0.0


def convolve(image, kernel):
    return Everything()
