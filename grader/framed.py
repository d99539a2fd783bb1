"""Frames between processes of this program that trust each other: MessagePack, never pickle.

    frame = length (4 bytes, big-endian) + MessagePack of one record

No student code runs on either side, so the bound guards against a broken peer and not against a
hostile one.
"""

import struct
from typing import Final, Protocol

import msgspec

_LENGTH: Final = struct.Struct(">I")
MOST_FRAME: Final = 256 << 20
"""Bytes of one frame."""
_encode = msgspec.msgpack.Encoder().encode


class Writer(Protocol):
    """A buffered stream of bytes, to write to."""

    def write(self, data: bytes, /) -> object:
        """Write all of the bytes."""

    def flush(self) -> object:
        """Let the other side have what was written."""


class Reader(Protocol):
    """A buffered stream of bytes, to read from."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, or fewer at the end."""


def send(stream: Writer, record: msgspec.Struct) -> None:
    """Write one frame and flush it."""
    body = _encode(record)
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: Reader) -> bytes:
    """Read the body of one frame; raise EOFError where the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    if length > MOST_FRAME:
        raise EOFError
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body
