"""How much work a submission may cost the trusted side.

A student's bytes decide how long it takes to read them, so the size of a file alone bounds nothing:
109 KB of source once kept an analysis busy for 45 s. Three limits work together.

- Most files are *ordinary*: so little source that every step over it is cheap, whatever it says.
- More source is measured first (`source.size_up`): too many tokens are refused. What remains is
  parsed in a child process with limits (`apart`) before it is parsed here, because nothing inside
  a process can stop CPython's parser.
- Analyses whose work is more than linear in the source spend a `Budget` of steps. Where it is gone
  they end with `TooComplicated`. Steps are counted and no clock is read, so a verdict is the same
  on every machine.

If it is not even known whether the rules are kept, the submission cannot be graded, and
`too_complicated` says so. Where only an explanation is missing, the grade stands without a hint.
"""

from grader.model import Fault

# Of some 250 real submissions none needs more than 900 steps, and 6000 for spelling.
RULES_STEPS = 40_000
FACTS_STEPS = 40_000
AXES_STEPS = 10_000
"""For each exception that is looked at, of which there may be one for each trial."""
ABSENT_STEPS = 60_000
"""For all exceptions of a submission: which statement was to bind a name, and which is near it."""
SPELLING_STEPS = 100_000
"""Pairs of letters that are compared to find the name that was meant."""


class TooComplicated(Exception):  # noqa: N818 - it is an answer about the source, not an error
    """The steps are used up."""


class Budget:
    """Steps that an analysis may take."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps; raises `TooComplicated` if there are not so many left."""
        self.left -= steps
        if self.left < 0:
            raise TooComplicated


def too_complicated(what: str) -> Fault:
    """Return the fault of a file or notebook whose code costs too much to analyse."""
    return Fault(
        message=(
            f"The {what} is too complicated to analyse. "
            "Hand in only what you wrote for this exercise, without long data."
        )
    )
