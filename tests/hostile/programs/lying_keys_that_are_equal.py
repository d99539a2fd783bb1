"""Tries: a dict of many keys with one text, each with a hash and an equality of its own.
Must: no dict with a key that comes twice is read."""
# expect: wrong_type


class Key(str):
    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other


def convolve(image, kernel):
    return {Key("key"): number for number in range(1000)}
