"""What a value may be: how large, how deep, of which kinds, and the message about any other.

Both sides of the wire keep to it: `packing` when it writes a value, `unpacking` when it reads one.
"""

import struct
from typing import Any, NamedTuple

import numpy as np

from grader.confined import frames

DEPTH = 32
"""How deep values may be nested."""
PARTS = 1 << 18
"""How many parts a value may have."""
KEYS = 4096
"""How many keys of all dicts may be other than text. Python looks text up with a secret, so nobody
can choose many that take long to look up; of numbers and tuples anybody can."""
INT_BITS = 14284
"""The longest int: Python writes out 4300 digits, and no more."""
BYTES = frames.PAYLOAD_CAP // 2
"""How long a result may be."""

COUNT = struct.Struct("!I")
FLOAT = struct.Struct("<d")
COMPLEX = struct.Struct("<dd")
CODES = tuple(frames.DTYPES.values())
"""The dtypes of NumPy scalars; each is written as its place here."""
CODE_OF = {dtype.str: bytes((code,)) for code, dtype in enumerate(CODES)}
PYTHON_LEAVES = {bool: "|b1", int: "<i8", float: "<f8", complex: "<c16"}
"""The dtype in which many Python numbers are written at once."""

Value = Any

_SIMPLE_KEYS = (type(None), bool, int, float, str, bytes)
_BOUNDS = {
    "shape": "is too large to send: shape {shape}",
    "bytes": f"is too large to send: more than {BYTES >> 20} MB",
    "depth": f"is nested more than {DEPTH} levels deep",
    "parts": f"has more than {PARTS:,} parts",
    "keys": f"has more than {KEYS:,} keys that are not text",
    "digits": "holds a whole number of more than 4,300 digits",
}


class TooLargeError(ValueError):
    """A value is beyond a bound."""

    def __init__(self, bound: str, shape: str = "") -> None:
        super().__init__(f"it {why_too_large(bound, shape)}")
        self.bound = bound
        self.shape = shape


def why_too_large(bound: str, shape: str) -> str:
    """Return the end of a sentence that says which bound a value exceeds."""
    return _BOUNDS[bound].format(shape=shape)


class Unsent(NamedTuple):
    """What no value can be: its type, and for an array its dtype."""

    type_name: str
    dtype: str = ""


def is_key(value: Value) -> bool:
    """Whether a value that was unpacked may be a key of a dict."""
    kind = type(value)
    if kind is tuple:
        return all(map(is_key, value))
    return kind in _SIMPLE_KEYS or isinstance(value, np.generic)


def sendable(dtype: np.dtype[Any]) -> np.dtype[Any] | None:
    """Return the dtype in which numbers are sent; None when they are not numbers."""
    if dtype.str in frames.DTYPES:
        return dtype
    if dtype.kind in "biu":
        return dtype.newbyteorder("<")
    if dtype.kind == "f":
        wide = dtype.itemsize > np.dtype(float).itemsize
        return np.dtype("<f8") if wide else dtype.newbyteorder("<")
    if dtype.kind == "c":
        wide = dtype.itemsize > np.dtype(complex).itemsize
        return np.dtype("<c16") if wide else dtype.newbyteorder("<")
    return None
