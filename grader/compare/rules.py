"""What counts as the same answer, as everything in this room passes it on."""

from typing import Any, NamedTuple, TypeAlias

from grader.model import Comparison, Tolerance

Facts: TypeAlias = dict[str, Any]
"""The optional fields of a `Finding`."""


class Strictness(NamedTuple):
    """The tolerance, and the choices of the exercise (`model.Comparison`)."""

    tolerance: Tolerance
    lists: bool = False
    booleans: bool = False
    complex: bool = False
    whole: bool = False


def rules_of(tolerance: Tolerance, comparison: Comparison) -> Strictness:
    """Return what an exercise chose."""
    return Strictness(
        tolerance,
        comparison.lists,
        comparison.booleans,
        comparison.complex,
        comparison.whole,
    )
