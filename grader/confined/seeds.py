"""Random numbers that are the same in every worker, so that the same file gets the same report.

Processes for student code import this before numpy: what numpy asks the operating system for while
it is imported would come to light again in `np.empty`.
"""

import random
import secrets

_drawn = random.Random(0)  # noqa: S311 - they must be the same each time
secrets.randbits = _drawn.getrandbits  # type: ignore[assignment] # a method for a function

import numpy as np  # noqa: E402 - see above
import numpy.random  # noqa: E402 - as above: numpy loads it when first asked for it


def fix() -> None:
    """Seed the generators that a student's code shares, and those that it makes without a seed of its own.

    `np.random.default_rng()` draws its seed with `secrets.randbits`.
    """
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - what a student's np.random.rand uses
    _drawn.seed(0)
