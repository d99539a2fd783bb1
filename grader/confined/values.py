"""Values as the wire leaves them, and random generators as what can be sent of them."""

import json
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from grader.confined.bounds import BYTES, Unsent, Value, sendable
from grader.confined.leaves import packed_text
from grader.confined.packing import Packer
from grader.confined.unpacking import Unpacker

GENERATORS: Final = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
"""The kinds of bit generators that can be sent."""

Replace = Callable[[str, str], Value]
"""Makes the stand-in for what is not a value, from the name of its type and its dtype or ""."""


def canonical(
    value: object,
    replace: Replace | None = None,
) -> Value:
    """Return what a value is after it has crossed the wire; arrays are copied.

    Raises ValueError with a sentence where it is too large, or where it is or holds something that
    cannot be sent; with `replace`, that puts something else in its place.
    """
    if type(value) is np.ndarray:
        kind = sendable(value.dtype)
        if kind is not None and value.size * kind.itemsize <= BYTES:
            return value.astype(kind, "C")
    packed = Packer().pack(value)
    if isinstance(packed, Unsent):
        return _replaced(replace, *packed)
    return _Canonical(packed, replace).unpack()


class _Canonical(Unpacker):
    def __init__(
        self,
        data: bytes,
        replace: Replace | None,
    ) -> None:
        super().__init__(data)
        self._replace = replace

    def special(self, tag: bytes) -> Value:
        if tag != b"u":
            return super().special(tag)
        return _replaced(self._replace, self.text(), self.text())


def _replaced(
    replace: Replace | None,
    type_name: str,
    dtype: str,
) -> Value:
    if replace is not None:
        return replace(type_name, dtype)
    what = f"an array of {dtype}" if dtype else f"a value of type {type_name}"
    raise ValueError(f"{what} cannot be sent")


def state_of(generator: "np.random.Generator") -> tuple[str, str]:
    """Return the kind and the state of a random generator; ValueError where it cannot be sent."""
    bits = generator.bit_generator
    kind = type(bits).__name__
    if kind not in GENERATORS or type(bits) is not getattr(np.random, kind):
        raise ValueError(f"a random generator of kind {kind} cannot be sent")
    state = json.dumps(bits.state, default=_listed, sort_keys=True)
    return kind, state


def _listed(value: Value) -> Value:
    """Return an array, or a NumPy number, that is part of the state of a bit generator."""
    return value.tolist()


def generator_of(
    kind: str,
    state: str,
) -> "np.random.Generator":
    """Return a random generator in a state."""
    if kind not in GENERATORS:
        raise ValueError(f"there is no random generator of kind {kind}")
    # Seeded, or it would draw a seed, and other generators would then give other numbers.
    bits: Any = getattr(np.random, kind)(0)
    bits.state = json.loads(state)
    return np.random.Generator(bits)


def packed_generator(
    kind: str,
    state: str,
) -> bytes:
    """Return a random generator as it is sent to a worker."""
    return b"r" + packed_text(kind) + packed_text(state)
