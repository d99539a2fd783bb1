"""What has no parts: one such value as bytes, and many of one kind at once.

A function here is given a value of a class or of a subclass, and reads it by the methods of the
class: those of the subclass may lie.
"""

import struct
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from grader.confined import frames
from grader.confined.bounds import (
    CODE_OF,
    COMPLEX,
    COUNT,
    FLOAT,
    INT_BITS,
    PYTHON_LEAVES,
    TooLargeError,
    Value,
)

_LEAVES = {id(kind): (b"p", dtype) for kind, dtype in PYTHON_LEAVES.items()}
_LEAVES |= {
    id(dtype.type): (b"q", name) for name, dtype in frames.DTYPES.items()
}
_TEXT = id(str)
_LETTERS = {id(float): "d", id(int): "q", id(bool): "?"}
_SHORT_INT = struct.Struct("<q")
_SHORT_BITS = 63
_SHORT = b"i" + COUNT.pack(_SHORT_INT.size)
_ALL = slice(None)
_SEPARATOR = "\0"

# The getters of the base class: an attribute of a student's class cannot take their place.
_real = complex.__dict__["real"].__get__
_imaginary = complex.__dict__["imag"].__get__


def packed_none(_: Value, __: int) -> bytes:
    """Return None as it is sent."""
    return b"N"


def packed_bool(thing: Value, _: int) -> bytes:
    """Return a truth value as it is sent."""
    return b"T" if thing is True else b"F"


def packed_int(thing: Value, _: int) -> bytes:
    """Return an int as it is sent: in eight bytes, or in as many as it needs. TooLargeError."""
    bits = int.bit_length(thing)
    if bits <= _SHORT_BITS:
        return _SHORT + _SHORT_INT.pack(thing)
    if bits > INT_BITS:
        raise TooLargeError("digits")
    data = int.to_bytes(thing, bits // 8 + 1, "little", signed=True)
    return b"i" + COUNT.pack(len(data)) + data


def packed_float(thing: Value, _: int) -> bytes:
    """Return a float as it is sent."""
    return b"f" + FLOAT.pack(float.__float__(thing))


def packed_complex(thing: Value, _: int) -> bytes:
    """Return a complex number as it is sent."""
    return b"c" + COMPLEX.pack(_real(thing), _imaginary(thing))


def packed_str(thing: Value, room: int) -> bytes:
    """Return text as it is sent; TooLargeError where that is more than there is room for."""
    if str.__len__(thing) > room:
        raise TooLargeError("bytes")
    data = str.encode(thing, "utf-8", "surrogatepass")
    return b"s" + COUNT.pack(len(data)) + data


def packed_bytes(thing: Value, room: int) -> bytes:
    """Return bytes as they are sent; TooLargeError as above."""
    length = bytes.__len__(thing)
    if length > room:
        raise TooLargeError("bytes")
    return b"b" + COUNT.pack(length) + bytes.__getitem__(thing, _ALL)


ONE: Final[dict[int, Callable[[Value, int], bytes]]] = {
    id(type(None)): packed_none,
    id(bool): packed_bool,
    id(int): packed_int,
    id(float): packed_float,
    id(complex): packed_complex,
    id(str): packed_str,
    id(bytes): packed_bytes,
}
"""How a value of each class is written, given how many bytes there is room for."""
MANY: Final = frozenset((*_LEAVES, _TEXT))
"""The classes of which many are written at once."""


def packed_leaves(leaves: list[Any], room: int) -> tuple[bytes, bytes] | None:
    """Return the tag, and the dtype with the bytes, of numbers that are all of one type.

    Of text likewise; TooLargeError where that is more than there is room for. None where they
    cannot be written at once.
    """
    kind = id(type(leaves[0]))
    if kind == _TEXT:
        texts = packed_texts(leaves, room)
        return None if texts is None else (b"w", texts)
    if kind not in _LEAVES:
        return None
    tag, dtype = _LEAVES[kind]
    letter = _LETTERS.get(kind)
    if letter is None:
        return tag, CODE_OF[dtype] + np.array(leaves, dtype).tobytes()
    try:
        # Twice as fast as by way of an array.
        data = struct.pack(f"<{len(leaves)}{letter}", *leaves)
    except struct.error:
        return None  # a long int
    return tag, CODE_OF[dtype] + data


def packed_texts(texts: list[str], room: int) -> bytes | None:
    """Return texts as one; None where they have the separator in them, or there are none.

    To cut them apart again is four times as fast as to take them by their lengths. TooLargeError
    where that is more than there is room for.
    """
    if sum(map(len, texts)) > room:
        raise TooLargeError("bytes")
    whole = _SEPARATOR.join(texts)
    if whole.count(_SEPARATOR) != len(texts) - 1:
        return None
    return packed_text(whole)


def texts_in(whole: str, count: int) -> list[str]:
    """Return the texts that were written at once; ValueError where there are not so many."""
    if whole.count(_SEPARATOR) != count - 1:
        raise ValueError("there are not as many texts as they say")
    return whole.split(_SEPARATOR)


def packed_text(text: str) -> bytes:
    """Return text with its length before it."""
    data = text.encode("utf-8", "surrogatepass")
    return COUNT.pack(len(data)) + data
