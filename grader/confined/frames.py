"""The bytes that pass between the grader and a worker. Both sides use this module.

A frame, in either direction:

    4 bytes   magic  b"GRD1"
    4 bytes   length of the header, big-endian, at most `HEADER_CAP`
    4 bytes   length of the payload, big-endian, at most `PAYLOAD_CAP`
    header    a JSON object in ASCII; its `frames` gives the length of each value in the payload
    payload   the values, one after the other: arrays in `.npy` format 1.0, others as `packing` says

`numpy.save` and `numpy.load` would be the obvious way to write and read an array. But the header of
a `.npy` file is a Python literal, and there is no need to evaluate what a stranger wrote, however
safely, for three fields whose few legal spellings fit in one regular expression.
"""

import functools
import json
import math
import re
import struct
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

MAGIC = b"GRD1"
PREFIX = struct.Struct("!4sII")
HEADER_CAP = 256 * 1024
PAYLOAD_CAP = 8 * 1024 * 1024
READY = b"R"
"""What a worker writes once it is confined, before any code of a student has run."""
REFUSED = b"!"
"""What a worker that could not be confined writes instead, followed by a line of text."""

# What the grader and the template say for each fork; see `template_process`.
FORK = b"F"
DONE = struct.Struct("=iI")
"""The pid of a worker that has died, and its slot; 0 if the slot must not be used again."""
FORKED = struct.Struct("=iI")
"""The pid of a new worker, and its slot."""

Array = np.ndarray[Any, np.dtype[Any]]
Order = Literal["C", "F"]

_NPY = struct.Struct("<8sH")
_NPY_MAGIC = b"\x93NUMPY\x01\x00"
_NPY_HEADER_CAP = 256
_MAX_DIMENSIONS = 32
_CACHED = 256
_quoted = json.encoder.encode_basestring_ascii
_decoded = json.JSONDecoder().raw_decode
"""What `json.loads` does, without guessing an encoding and without looking for blanks."""
_SENT = "? i1 u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16".split()  # noqa: SIM905 - clearer
DTYPES = {dtype.str: dtype for dtype in map(np.dtype, _SENT)}
"""The dtypes of arrays that are sent, by their names in `.npy` headers."""
_DICTIONARY = re.compile(
    rb"\{'descr': '([<|][a-z][0-9]{1,2})', 'fortran_order': (False|True), "
    rb"'shape': \(((?:[0-9]{1,10}, )*[0-9]{1,10},?|)\), \} *\n"
)


def pack_array(array: Array) -> bytes:
    """Return an array as one `.npy` file in C order. Raises ValueError if it is not in `DTYPES`."""
    # tobytes() writes C order from any layout; a copy in C order first would be a second pass.
    return _npy_header(array.dtype.str, array.shape) + array.tobytes()


@functools.lru_cache(_CACHED)
def _npy_header(dtype: str, shape: tuple[int, ...]) -> bytes:
    if dtype not in DTYPES:
        raise ValueError(f"arrays of {dtype} are not sent")
    sizes = ", ".join(map(str, shape))
    if len(shape) == 1:
        sizes += ","
    text = (
        f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({sizes}), }}"
    )
    padding = -(_NPY.size + len(text) + 1) % 64
    header = f"{text}{' ' * padding}\n".encode("ascii")
    return _NPY.pack(_NPY_MAGIC, len(header)) + header


def unpack_array(data: bytes) -> Array:
    """Return the array of one `.npy` file; it owns its memory. Raises ValueError and nothing else.

    The size in the header must be the size of the data, so nothing is allocated beyond what was
    received.
    """
    if len(data) < _NPY.size:
        raise ValueError("an array is cut short")
    magic, length = _NPY.unpack_from(data)
    start = _NPY.size + length
    if magic != _NPY_MAGIC or length > _NPY_HEADER_CAP or start > len(data):
        raise ValueError("an array has no readable header")
    dtype, order, shape, size = _parse_npy_header(data[_NPY.size : start])
    if size != len(data) - start:
        raise ValueError("an array's size is not what its header says")
    return np.ndarray(shape, dtype, data, start, order=order).copy(order)


@functools.lru_cache(_CACHED)
def _parse_npy_header(
    text: bytes,
) -> tuple[np.dtype[Any], Order, tuple[int, ...], int]:
    """Return the dtype, order, shape and size in bytes that a `.npy` header states."""
    match = _DICTIONARY.fullmatch(text)
    if match is None:
        raise ValueError("an array has a header of another kind")
    dtype = DTYPES.get(match[1].decode("ascii"))
    if dtype is None:
        raise ValueError("an array has values of a type that is not sent")
    numbers = match[3].split(b",")
    shape = tuple(int(number) for number in numbers if number.strip())
    if len(shape) > _MAX_DIMENSIONS:
        raise ValueError("an array has too many dimensions")
    order: Order = "F" if match[2] == b"True" else "C"
    return dtype, order, shape, math.prod(shape) * dtype.itemsize


def pack_frame(
    header: dict[str, Any],
    arrays: Iterable[Array] = (),
    *,
    trusted: bool = False,
) -> bytes:
    """Return one frame. Raises ValueError if it is too large, unless it is the grader's own."""
    return join(
        json.dumps(header), list(map(pack_array, arrays)), trusted=trusted
    )


def pack_call(token: str, arguments: list[bytes]) -> bytes:
    """Return the frame that asks for one call. Raises ValueError if it is too large."""
    return join(f'{{"op": "call", "token": {_quoted(token)}}}', arguments)


def pack_returned(
    token: str,
    type_name: str,
    result: bytes,
    changed: list[bytes],
) -> bytes:
    """Return the frame that answers a call with a value. Raises ValueError if it is too large."""
    header = (
        f'{{"op": "returned", "token": {_quoted(token)}, '
        f'"type_name": {_quoted(type_name)}, "dtype": null, "value": true}}'
    )
    return join(header, [result, *changed])


def join(
    header: str,
    values: list[bytes],
    *,
    trusted: bool = False,
) -> bytes:
    """Put a frame together. The header is JSON: writing that of a call by hand halves the cost."""
    lengths = [len(each) for each in values]
    text = f'{header[:-1]}, "frames": {lengths}}}'.encode("ascii")
    size = sum(lengths)
    too_large = len(text) > HEADER_CAP or size > PAYLOAD_CAP
    if too_large and not trusted:
        raise ValueError("the message is too large to send")
    return b"".join((PREFIX.pack(MAGIC, len(text), size), text, *values))


def split_payload(lengths: Iterable[int], payload: bytes) -> list[Array]:
    """Return the arrays of a payload. Raises ValueError unless the lengths add up to its length."""
    return list(map(unpack_array, split(lengths, payload)))


def split(lengths: Iterable[int], payload: bytes) -> list[bytes]:
    """Return the values of a payload, one by one, as they were packed; ValueError as above."""
    values = []
    at = 0
    for length in lengths:
        if not 0 <= length <= len(payload) - at:
            raise ValueError("the values do not fit their frame")
        values.append(payload[at : at + length])
        at += length
    if at != len(payload):
        raise ValueError("there are bytes after the last value")
    return values


def unpack_frame(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the header and the payload of a frame that the trusted side wrote."""
    start = PREFIX.size + PREFIX.unpack_from(data)[1]
    return parse_header(data[PREFIX.size : start]), data[start:]


def parse_header(data: bytes) -> dict[str, Any]:
    """Return the header of a frame that the trusted side wrote."""
    header: dict[str, Any] = _decoded(data.decode("ascii"))[0]
    return header
