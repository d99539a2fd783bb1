"""Tries: dicts, tuples and texts that lie about their items, length, hash, equality and class.
Must: they are sent as what they really are, and that is no array."""
# expect: wrong_type


class Text(str):
    __hash__ = None

    def __eq__(self, other):
        return True

    def __len__(self):
        return -1

    def encode(self, *_):
        return b"\x93NUMPY\x01\x00"


class Dict(dict):
    __class__ = list

    def items(self):
        return iter(lambda: ("key", 0), None)

    def __iter__(self):
        return iter(lambda: "key", None)

    def __len__(self):
        return 1 << 60


class Tuple(tuple):
    def __getitem__(self, place):
        return self

    def __iter__(self):
        return iter(lambda: self, None)


def convolve(image, kernel):
    return Dict(text=Text("text"), inner=Tuple((Dict(), Text("more"))))
