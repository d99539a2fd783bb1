"""What diagnosis knows about an exercise: its misconceptions, their hints, and how each is recognised.

An author writes `solutions/<exercise>/misconceptions.py`: numpy alone, nothing imported from the
grader. A function's name with dashes is the misconception's id, and its docstring the hint. What
follows two underscores in a name tells variants of one misconception apart. The module may have
these names, all of them optional:

`ANSWERS`
    The simple form: complete wrong answers, functions that take the exercise's arguments.

`start`, `SHAPING`, `NUMBERS`, `finish`, `shape`, `blank`
    The form for mistakes that combine. `start(*shapes of the arguments)` gives a plan, any hashable
    value. `SHAPING` and `NUMBERS` are tuples of stages, a stage is a tuple of alternatives, the
    first of them right; an alternative maps a plan to a plan (None: the two do not go together).
    `finish(plan, *arguments, memory)` computes the answer; `memory` is a dict for what answers to
    the same arguments share. `shape(plan)` gives the shape of the result and `blank(plan)` a
    boolean array of it, true where the result is 0 whatever the arguments are; only `SHAPING` may
    change these two.

`VALUES`
    Stages of what is done to each number of a result, cell by cell: `(values, *arguments) ->
    values`.

`FACTOR`
    The member of `VALUES` that stands for a constant factor; diagnosis finds the factor.

`WHOLE`
    Misconceptions that are no step of a computation: function -> the evidence that proves it, one
    of `EVIDENCE`.
"""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec
import numpy as np

from grader.model import Array, Hint

EVIDENCE: Final = (
    "returned None",
    "returned a list",
    "changed an argument",
    "needs more arguments",
    "another name",
    "expects more axes",
    "reads a global",
    "right where the first argument is square",
    "the same for another kernel",
)
"""What can prove a misconception other than its values. `the same for another NAME` names an argument."""


Shared: TypeAlias = dict[int, Any]


class Observed(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What one call gave, ready to be matched: `values` is the flat float64 form of a real array."""

    case: str
    trial: str
    args: tuple[Array, ...]
    shape: tuple[int, ...]
    values: Array
    byte: bool
    """Whether the array's type is uint8, whose values are only explained by something that gives uint8."""
    listed: bool
    """Whether it was a list."""
    failed: bool

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the arguments."""
        return tuple(array.shape for array in self.args)


class Catalogue:
    """The misconceptions of one exercise; this one knows their texts and evidence, and explains nothing."""

    def __init__(self, texts: Mapping[str, str], evidence: Mapping[str, str]) -> None:
        """`texts`: id -> hint, in the order in which hints are given; `evidence`: kind of evidence -> id."""
        self.texts = dict(texts)
        self.evidence = dict(evidence)

    def hints(self, ids: Iterable[str]) -> tuple[Hint, ...]:
        """Give the hints of these misconceptions, in the catalogue's order; ids that it does not have are left out."""
        wanted = set(ids)
        return tuple(
            Hint(name, text) for name, text in self.texts.items() if name in wanted
        )

    def explain(
        self, observed: Sequence[Observed], shared: Shared | None = None
    ) -> frozenset[str] | None:  # noqa: ARG002 - for those that explain
        """Give the smallest set of misconceptions that gives all these values, and the only one of its size.

        The empty set means that the values are right; None that nothing explains them, or that two
        things do. `shared` is a dict for what several explanations of the same results share.
        """
        return None if any(each.failed for each in observed) else frozenset()

    def explain_constant(
        self, observed: Sequence[Observed], argument: int
    ) -> frozenset[str] | None:  # noqa: ARG002 - as above
        """Explain values in which one argument was replaced by some constant: what else is wrong; None if unknown."""
        return None


def observe(
    case: str,
    trial: str,
    args: tuple[Array, ...],
    value: Array,
    *,
    listed: bool = False,
    failed: bool = True,
) -> Observed | None:
    """Make a result ready to be matched; None where it has no real numbers.

    Complex numbers whose imaginary parts are rounding errors, as a Fourier transform leaves them,
    count as real. What is true or false has been compared, not computed: as a 0 or a 1 it would
    look clipped.
    """
    if value.dtype.kind == "c" and bool((np.abs(value.imag) < 1e-6).all()):  # noqa: PLR2004 - a rounding error
        value = value.real
    if value.dtype.kind not in "fiu":
        return None
    with np.errstate(all="ignore"):
        values = value.astype(np.float64).ravel()
    return Observed(
        case=case, trial=trial, args=args, shape=value.shape, values=values, byte=value.dtype == np.uint8,
        listed=listed, failed=failed,
    )  # fmt: skip


def id_of(function: object) -> str:
    """Give the id of a misconception: `kernel_flipped__variant` is `kernel-flipped`."""
    name: str = getattr(function, "__name__", "")
    return name.split("__", maxsplit=1)[0].replace("_", "-")


def hint_of(function: object) -> str:
    """Give a hint as one paragraph: the docstring, its line breaks taken out."""
    return " ".join((inspect.getdoc(function) or "").split())
