"""Random generators as records: the name of the bit generator, and its state as JSON."""

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from grader.model import Random

if TYPE_CHECKING:
    Generator = np.random.Generator

KINDS: Final = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
"""The bit generators that may travel."""


def random_of(generator: "Generator") -> Random:
    """Return what a generator is now; ValueError for a bit generator that is not NumPy's own."""
    bits = generator.bit_generator
    kind = type(bits).__name__
    if kind not in KINDS or type(bits) is not getattr(np.random, kind):
        raise ValueError(f"a bit generator {kind} cannot be an argument")
    return Random(kind, json.dumps(bits.state, default=_plain, sort_keys=True))


def generator_of(random: Random) -> "Generator":
    """Return a new generator that is what the record says."""
    bits = getattr(np.random, KINDS[KINDS.index(random.kind)])(0)
    bits.state = json.loads(random.state)
    return np.random.Generator(bits)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever stands in the state of a bit generator
    return value.tolist()
