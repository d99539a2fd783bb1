"""What diagnosis knows about an exercise: its misconceptions, their hints, and their evidence.

An author writes `solutions/<exercise>/misconceptions.py`, which uses numpy and imports nothing from
the grader. A function's name with dashes is the misconception's id, and its docstring is the hint.
Where its first paragraph is a question, and others follow, a student reads the question first, and
what follows, the cause, on a click. Two underscores in a name separate the variants of one
misconception. The module may define these names, all of them optional:

`ANSWERS`
    The simple form: complete wrong answers, functions that take the exercise's arguments. One that
    raises stands for the students whose code raises the same, on the same trials. Where there are
    stages too, an answer stands for itself and does not combine.

`start`, `SHAPING`, `NUMBERS`, `finish`, `shape`, `blank`
    The form for mistakes that combine. `start(*shapes of the arguments)` returns a plan, which can
    be any hashable value. `SHAPING` and `NUMBERS` are tuples of stages, and a stage is a tuple of
    alternatives, the first of which is right. An alternative takes a plan and returns a plan, or
    None if the two do not go together. `finish(plan, *arguments, memory)` computes the answer;
    `memory` is a dict shared by all answers to the same arguments. `shape(plan)` returns the shape
    of the result, and `blank(plan)` a boolean array of that shape, true where the result is 0
    whatever the arguments are. Only `SHAPING` may change these two.

`VALUES`
    Stages of what is done to each number of a result, cell by cell: `(values, *arguments)` in,
    `values` out.

`FACTOR`
    The member of `VALUES` that stands for a constant factor; diagnosis finds the factor.

`SIGNS`, `EFFECTS`, `SUPPORT`
    What has to be visible in a source before a cause is named: a dict from a misconception to the
    signs of it (`signs.SIGNS`), one of which is enough, and a dict from a misconception to the hint
    where there is none. A combination counts only if each of its members has such a sign,
    or one of those that `SUPPORT` has for it; of two, one that has an effect need not.

`WHOLE`
    Misconceptions that are not a step of a computation: a dict from a function to the evidence that
    proves it: one of `EVIDENCE`, or `the same for another NAME`, where NAME is an argument. Or a
    predicate, for results that no answer gives again: it gets a result, and by name what it asks
    for of the target's parameters, `expected` and `case`, and says whether the mistake gives this.
    It has to hold for every trial that failed, but for those about which it returns None: they show
    nothing, and cannot prove it alone. One that asks for `raised` is asked where a call raised too:
    the result is None then, and `raised` the name of the exception's type.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec
import numpy as np

from grader.model import Array, Finding, Hint, Value

LOOPS: Final = "uses a loop"
"""The evidence of the one mistake whose results are right."""
EVIDENCE: Final = (
    "returned None",
    "returned a list",
    "changed an argument",
    "needs more arguments",
    "exchanges the arguments",
    "stores more than uint8 holds",
    "another name",
    "expects more axes",
    "reads a global",
    "right where the first argument is square",
    LOOPS,
)
"""What can prove a misconception besides its values. Each argument adds `evidence_of_ignoring`."""

Shared: TypeAlias = dict[int, Any]
"""What several explanations of the same results share."""

_COINCIDENCE: Final = 3
"""From so many misconceptions on, a combination may be a coincidence."""
_ROUNDING_ERROR: Final = 1e-6


class Causes(msgspec.Struct, frozen=True):
    """What is asked before a hint names a cause, what a source has to show for it, what if not."""

    signs: dict[str, tuple[str, ...]] = {}
    """Id -> signs, one of which is enough."""
    effects: dict[str, str] = {}
    """Id -> the hint where none of them is there."""
    support: dict[str, tuple[str, ...]] = {}
    """Id -> other signs with which it counts in a combination."""
    questions: dict[str, str] = {}
    """Id -> the first step of the hint: a question that takes nothing for proven."""


class Observed(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What one call returned, ready to be matched."""

    case: str
    trial: str
    args: tuple[Value, ...]
    shape: tuple[int, ...]
    values: Array
    """The result as a flat float64 array."""
    byte: bool
    """Whether the result is uint8: only a misconception that gives uint8 can explain it."""
    listed: bool
    """Whether the result was a list."""
    failed: bool

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the arguments."""
        return tuple(getattr(value, "shape", ()) for value in self.args)


class Catalogue:
    """The misconceptions of one exercise; this base class knows hints and evidence, not values."""

    def __init__(
        self,
        texts: Mapping[str, str],
        evidence: Mapping[str, str],
        causes: Causes | None = None,
    ) -> None:
        """Keep `texts`, id -> hint in the order of hints, and `evidence`, its kind -> id."""
        self.texts = dict(texts)
        self.evidence = dict(evidence)
        self.causes = causes or Causes()

    def hints(
        self, ids: Iterable[str], seen: Callable[[], frozenset[str]] = frozenset
    ) -> tuple[Hint, ...]:
        """Return the hints of these misconceptions, in the catalogue's order; skip unknown ids.

        `seen` returns the signs in the source; it is called only if a hint depends on them.
        """
        wanted = set(ids)
        return tuple(
            Hint(
                name,
                self._text(name, seen),
                self.causes.questions.get(name, ""),
            )
            for name in self.texts
            if name in wanted
        )

    def _text(
        self,
        name: str,
        seen: Callable[[], frozenset[str]],
    ) -> str:
        effect = self.causes.effects.get(name)
        if effect is None or self._shows(name, seen()):
            return self.texts[name]
        return effect

    def _shows(
        self,
        name: str,
        seen: frozenset[str],
    ) -> bool:
        signs = self.causes.signs.get(name)
        return signs is None or not seen.isdisjoint(signs)

    def is_supported(
        self, ids: frozenset[str], seen: Callable[[], frozenset[str]]
    ) -> bool:
        """Return whether the source allows this combination.

        Each of its members needs a sign; of two, one that has a hint without a cause does not.
        """
        if len(ids) <= 1:
            return True
        of_two = len(ids) < _COINCIDENCE
        return all(
            self._shows(name, seen())
            or not seen().isdisjoint(self.causes.support.get(name, ()))
            or (of_two and name in self.causes.effects)
            for name in ids
        )

    def explain(
        self,
        observed: Sequence[Observed],
        shared: Shared | None = None,  # noqa: ARG002 - for catalogues that explain values
    ) -> frozenset[str] | None:
        """Return the smallest set of misconceptions that gives all these values.

        There must be at least one result. The empty set means that the values are right. None means
        that nothing explains them, or that several sets of that size do.
        """
        return None if any(each.failed for each in observed) else frozenset()

    def answer(
        self,
        findings: Sequence[Finding],  # noqa: ARG002 - for catalogues of complete answers
    ) -> frozenset[str] | None:
        """Return the one complete wrong answer that gives all that came back, exceptions too."""
        return None

    def explained(
        self,
        findings: Sequence[Finding],  # noqa: ARG002 - as above
    ) -> dict[str, frozenset[str]]:
        """Return the misconceptions that explain each case that failed, for complete answers."""
        return {}

    def broken(
        self,
        findings: Sequence[Finding],  # noqa: ARG002 - for catalogues with properties
    ) -> frozenset[str]:
        """Return the properties of right answers that some of these results do not have."""
        return frozenset()

    def explain_constant(
        self,
        observed: Sequence[Observed],  # noqa: ARG002 - as above
        argument: int,  # noqa: ARG002 - as above
    ) -> frozenset[str] | None:
        """Explain values in which some constant has taken the place of one argument.

        Return what else is wrong, or None if that is unknown.
        """
        return None


def observe(
    case: str,
    trial: str,
    args: tuple[Value, ...],
    value: Array,
    *,
    listed: bool = False,
    failed: bool = True,
) -> Observed | None:
    """Prepare a result to be matched; return None if it has no real numbers.

    Complex numbers whose imaginary parts are rounding errors, as a Fourier transform leaves them,
    count as real. Booleans do not: they come from a comparison, and as 0 and 1 they would look
    clipped.
    """
    if value.dtype.kind == "c" and bool(
        (np.abs(value.imag) < _ROUNDING_ERROR).all()
    ):
        value = value.real
    if value.dtype.kind not in "fiu":
        return None
    with np.errstate(all="ignore"):
        values = value.astype(np.float64).ravel()
    return Observed(
        case=case,
        trial=trial,
        args=args,
        shape=value.shape,
        values=values,
        byte=value.dtype == np.uint8,
        listed=listed,
        failed=failed,
    )


def id_of(function: object) -> str:
    """Return the id of a misconception: `sign_lost__variant` is `sign-lost`."""
    name: str = getattr(function, "__name__", "")
    return name.split("__", maxsplit=1)[0].replace("_", "-")


def hint_of(function: object) -> str:
    """Return a hint as one paragraph: the docstring, without the question that it begins with."""
    return _steps(function)[1]


def question_of(function: object) -> str:
    """Return the question that a docstring begins with; empty where it begins with the cause."""
    return _steps(function)[0]


def _steps(function: object) -> tuple[str, str]:
    first, _, rest = (inspect.getdoc(function) or "").partition("\n\n")
    asked, told = " ".join(first.split()), " ".join(rest.split())
    if told and asked.endswith("?"):
        return asked, told
    return "", f"{asked} {told}".strip()


def evidence_of_ignoring(argument: str) -> str:
    """Return the evidence that results do not depend on an argument."""
    return f"the same for another {argument}"
