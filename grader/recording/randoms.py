"""Random generators as records, and back."""

from typing import TYPE_CHECKING

from grader.confined import values
from grader.model import Random

if TYPE_CHECKING:
    import numpy as np


def random_of(generator: "np.random.Generator") -> Random:
    """Return what a generator is now; ValueError for one that cannot be sent."""
    return Random(*values.state_of(generator))


def generator_of(random: Random) -> "np.random.Generator":
    """Return a new generator that is what the record says."""
    return values.generator_of(random.kind, random.state)
