"""What is at the ends of regular nested lists, written at once: numbers of one type, or text."""

import struct
from typing import Any

import numpy as np

from grader.confined import frames
from grader.confined.bounds import (
    CODE_OF,
    COUNT,
    PYTHON_LEAVES,
    TooLargeError,
)

_LEAVES = {id(kind): (b"p", dtype) for kind, dtype in PYTHON_LEAVES.items()}
_LEAVES |= {
    id(dtype.type): (b"q", name) for name, dtype in frames.DTYPES.items()
}
_TEXT = id(str)
_LETTERS = {id(float): "d", id(int): "q", id(bool): "?"}


def packed_leaves(leaves: list[Any], room: int) -> tuple[bytes, bytes] | None:
    """Return the tag, and the dtype with the bytes, of numbers that are all of one type.

    Of text likewise; TooLargeError where that is more than there is room for.
    """
    kind = id(type(leaves[0]))
    if kind == _TEXT:
        return b"w", _packed_texts(leaves, room)
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


def _packed_texts(texts: list[str], room: int) -> bytes:
    lengths = list(map(len, texts))
    if sum(lengths) > room:
        raise TooLargeError("bytes")
    return struct.pack(f"!{len(texts)}I", *lengths) + packed_text(
        "".join(texts)
    )


def packed_text(text: str) -> bytes:
    """Return text with its length before it."""
    data = text.encode("utf-8", "surrogatepass")
    return COUNT.pack(len(data)) + data
