"""The trusted end of the codec for values: it writes arguments and reads results."""

import numpy as np

from grader.confined import frames
from grader.confined.bounds import COUNT
from grader.confined.packing import Packer
from grader.confined.unpacking import NPY, Unpacker
from grader.confined.values import packed_generator
from grader.execution.cleaning import clean
from grader.model import Earlier, Random, Unsent, Value

_NAME_CAP = 1000


def pack(value: Value) -> bytes:
    """Return an argument as it is sent; ValueError with a sentence where it cannot be."""
    if type(value) is np.ndarray:
        return frames.pack_array(value)
    packed = _Request().pack(value)
    if isinstance(packed, bytes):
        return packed
    raise ValueError(f"a value of type {packed.type_name} cannot be sent")


class _Request(Packer):
    """Writes an argument, in which there may be what no result can hold."""

    def special(self, thing: object) -> bytes | None:
        """Return a random generator, or the result of an earlier call, as it is sent."""
        if isinstance(thing, Random):
            return packed_generator(thing.kind, thing.state)
        if isinstance(thing, Earlier):
            return b"e" + COUNT.pack(thing.index)
        raise ValueError(
            f"a value of type {type(thing).__name__} cannot be sent"
        )


def unpack(piece: bytes) -> Value:
    """Return a value of a reply. Raises ValueError, and nothing else."""
    if piece.startswith(NPY):
        return frames.unpack_array(piece)
    return _Result(piece).unpack()


class _Result(Unpacker):
    """Reads a value of a reply, in which there may be what no value can be."""

    def special(self, tag: bytes) -> Unsent:
        """Return what stands for an object that was not sent."""
        if tag != b"u":
            raise ValueError(f"a value is of no known kind: {tag!r}")
        type_name, dtype = self.text(), self.text()
        if max(len(type_name), len(dtype)) > _NAME_CAP:
            raise ValueError("the name of a type is too long")
        return Unsent(clean(type_name), clean(dtype) or None)
