"""Random numbers that are the same in every worker, so that the same file gets the same report.

Processes for student code import this before numpy. What numpy asks the operating system for while
it is imported would show up again in `np.empty`.
"""

import random
import secrets

_drawn = random.Random(0)  # noqa: S311 - they must be the same each time
secrets.randbits = _drawn.getrandbits  # type: ignore[assignment]  # a method for a function

import numpy as np  # noqa: E402 - see above
import numpy.random  # noqa: E402 - numpy imports it on first use, which would be too late


def fix() -> None:
    """Seed the generators that a student's code shares, and those it makes without a seed.

    `np.random.default_rng()` draws its seed with `secrets.randbits`.
    """
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - a student's np.random.rand uses it
    _drawn.seed(0)
