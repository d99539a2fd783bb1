"""Bytes to values: strict and total, since one of the two sides that use it trusts nothing.

Any bytes give a value or a ValueError. Nothing is allocated beyond a small multiple of what was
received, nothing is read twice, and no nesting goes deeper than `bounds.DEPTH`.
"""

import math
import struct
from collections.abc import Callable
from itertools import repeat
from typing import Any, ClassVar, TypeAlias

import numpy as np

from grader.confined import frames
from grader.confined.bounds import (
    CODES,
    COMPLEX,
    COUNT,
    DEPTH,
    FLOAT,
    INT_BITS,
    KEYS,
    PARTS,
    PYTHON_LEAVES,
    Value,
    is_key,
)
from grader.confined.leaves import texts_in

NPY = b"\x93"
"""What an array begins with, and no other value."""
_MAKERS: dict[int, type] = {ord("l"): list, ord("t"): tuple}
_LEAVES = frozenset(PYTHON_LEAVES.values())
_INT_BYTES = INT_BITS // 8 + 1


_Reader: TypeAlias = Callable[[Any, int], Value]


def _by_tag(other: _Reader, readers: dict[bytes, _Reader]) -> list[_Reader]:
    """Return the reader for each byte that may come; `other` for those that have none."""
    return [readers.get(bytes((tag,)), other) for tag in range(256)]


class Unpacker:
    """Reads one value; a new one for each."""

    _at = 0
    _parts = 0
    _keys = 0

    def __init__(self, data: bytes) -> None:
        self._data = data

    def unpack(self) -> Value:
        """Return the value. Raises ValueError, and nothing else."""
        if not self._data or self._data.startswith(NPY):
            return frames.unpack_array(self._data)
        try:
            value = self.next(DEPTH)
        except (IndexError, struct.error):
            # To ask first whether there is so much costs more than to read it.
            raise ValueError("a value is cut short") from None
        if self._at != len(self._data):
            raise ValueError("there are bytes after a value")
        return value

    def special(self, tag: bytes) -> Value:
        """Return what only one of the two sides may be sent; here, nothing is."""
        raise ValueError(f"a value is of no known kind: {tag!r}")

    def next(self, depth: int) -> Value:
        """Return the value that begins here; `depth` more levels may be inside one another."""
        tag = self._data[self._at]
        self._at += 1
        return self._readers[tag](self, depth)

    def _special(self, _: int) -> Value:
        return self.special(self._data[self._at - 1 : self._at])

    def take(self, length: int) -> bytes:
        """Return so many of the next bytes."""
        end = self._at + length
        if end > len(self._data):
            raise ValueError("a value is cut short")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def number(self) -> int:
        """Return a length, a count or a place."""
        found: int = COUNT.unpack_from(self._data, self._at)[0]
        self._at += COUNT.size
        return found

    def text(self, _: int = 0) -> str:
        """Return text with its length before it."""
        start = self._at + COUNT.size
        end: int = start + COUNT.unpack_from(self._data, self._at)[0]
        if end > len(self._data):
            raise ValueError("a value is cut short")
        self._at = end
        return self._data[start:end].decode("utf-8", "surrogatepass")

    def _inside(
        self,
        depth: int,
        parts: int,
    ) -> None:
        """Go one level down, where there are so many parts."""
        if not depth:
            raise ValueError("a value is nested too deep")
        self._parts += parts
        if self._parts > PARTS:
            raise ValueError("a value has too many parts")

    def _int(self, _: int) -> int:
        length = self.number()
        if length > _INT_BYTES:
            raise ValueError("an int is too long")
        number = int.from_bytes(self.take(length), "little", signed=True)
        if number.bit_length() > INT_BITS:
            raise ValueError("an int is too long")
        return number

    def _float(self, _: int) -> float:
        found: float = FLOAT.unpack_from(self._data, self._at)[0]
        self._at += FLOAT.size
        return found

    def _complex(self, _: int) -> complex:
        return complex(*COMPLEX.unpack(self.take(COMPLEX.size)))

    def _bytes(self, _: int) -> bytes:
        return self.take(self.number())

    def _array(self, _: int) -> frames.Array:
        return frames.unpack_array(self.take(self.number()))

    def _scalar(self, _: int) -> Value:
        dtype = self._dtype()
        return np.frombuffer(self.take(dtype.itemsize), dtype)[0]

    def _dtype(self) -> np.dtype[Any]:
        code = self.take(1)[0]
        if code >= len(CODES):
            raise ValueError("a value is of no known dtype")
        return CODES[code]

    def _list(self, depth: int) -> list[Value]:
        count = self.number()
        self._inside(depth, count)
        return list(map(self.next, repeat(depth - 1, count)))

    def _tuple(self, depth: int) -> tuple[Value, ...]:
        return tuple(self._list(depth))

    def _dict(self, depth: int) -> dict[Value, Value]:
        count = self.number()
        self._inside(depth, 2 * count)
        found: dict[Value, Value] = {}
        for _ in range(count):
            key = self.next(depth - 1)
            if type(key) is not str:
                self._check_key(key)
            if key in found:
                raise ValueError("a key of a dict comes twice")
            found[key] = self.next(depth - 1)
        return found

    def _named(self, depth: int) -> dict[str, Value]:
        """Return a dict whose keys are text that was written at once."""
        count = self.number()
        self._inside(depth, 2 * count)
        keys = texts_in(self.text(), count)
        values = map(self.next, repeat(depth - 1, count))
        found = dict(zip(keys, values, strict=True))
        if len(found) != count:
            raise ValueError("a key of a dict comes twice")
        return found

    def _check_key(self, key: Value) -> None:
        if not is_key(key):
            raise ValueError("a key of a dict is of no kind that keys can be")
        self._keys += type(key) is not bytes
        if self._keys > KEYS:
            raise ValueError("there are too many keys that are not text")

    def _numbers(self, depth: int) -> Value:
        """Return nested lists or tuples of Python numbers that were written at once."""
        levels = self._levels(depth)
        array = self._leaves(levels)
        if array.dtype.str not in _LEAVES:
            raise ValueError("Python has no number of that dtype")
        return _grouped(array.tolist(), levels)

    def _scalars(self, depth: int) -> Value:
        """Return nested lists or tuples of NumPy scalars that were written at once."""
        levels = self._levels(depth)
        return _grouped(list(self._leaves(levels)), levels)

    def _texts(self, depth: int) -> Value:
        """Return nested lists or tuples of text that was written at once."""
        levels = self._levels(depth)
        texts = texts_in(self.text(), _count(levels))
        return _grouped(texts, levels)

    def _levels(self, depth: int) -> list[tuple[type, int]]:
        """Return what to make at each level, outermost first, and of how many parts."""
        levels: list[tuple[type, int]] = []
        parts = 1
        for _ in range(self.take(1)[0]):
            make = _MAKERS.get(self.take(1)[0])
            size = self.number()
            if make is None or not size:
                raise ValueError("a level is neither a list nor a tuple")
            parts *= size
            self._inside(depth - len(levels), parts)
            levels.append((make, size))
        if not levels:
            raise ValueError("there is no list and no tuple")
        return levels

    def _leaves(self, levels: list[tuple[type, int]]) -> frames.Array:
        dtype = self._dtype()
        count = _count(levels)
        return np.frombuffer(self.take(count * dtype.itemsize), dtype)

    _readers: ClassVar[list[Callable[[Any, int], Value]]] = _by_tag(
        _special,
        {
            b"N": lambda _, __: None,
            b"T": lambda _, __: True,
            b"F": lambda _, __: False,
            b"i": _int,
            b"f": _float,
            b"c": _complex,
            b"s": text,
            b"b": _bytes,
            b"n": _scalar,
            b"a": _array,
            b"l": _list,
            b"t": _tuple,
            b"d": _dict,
            b"k": _named,
            b"p": _numbers,
            b"q": _scalars,
            b"w": _texts,
        },
    )


def _count(levels: list[tuple[type, int]]) -> int:
    """Return how many parts there are at the innermost level."""
    if len(levels) == 1:
        return levels[0][1]
    return math.prod(size for _, size in levels)


def _grouped(
    parts: list[Any],
    levels: list[tuple[type, int]],
) -> Value:
    if len(levels) == 1:
        return parts if levels[0][0] is list else tuple(parts)
    for make, size in reversed(levels):
        places = range(0, len(parts), size)
        parts = [make(parts[place : place + size]) for place in places]
    return parts[0]
