"""Tries: a metaclass says that everything is an instance and a subclass, and has a __name__ and an
__mro__ of its own.
Must: the real type is asked, and it is no array."""
# expect: wrong_type, raised
import numpy as np


class Meta(type):
    __name__ = "ndarray"
    __mro__ = (np.ndarray, object)

    def __instancecheck__(cls, other):
        return True

    def __subclasscheck__(cls, other):
        return True

    def __getattribute__(cls, name):
        return {"__name__": "ndarray", "__mro__": (np.ndarray, object)}.get(
            name
        ) or super().__getattribute__(name)


class Anything(metaclass=Meta):
    shape = (6, 6)


def convolve(image, kernel):
    return Anything()
