"""Find known answers that the hidden inputs do not tell apart.

This is computed directly, without a worker, because it is done for every pair and many secrets.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from grader.authoring.local import Program
from grader.model import (
    Array,
    Outcome,
    Raised,
    Tolerance,
    Trial,
    Unsent,
    Value,
)

Answer = Callable[[Trial], Outcome]

_MOST_TEXT = 200
"""Characters of an exception's message."""


class Result(
    msgspec.Struct,
    frozen=True,
    eq=False,
):
    """What an answer gives on all trials.

    Two answers are told apart if their `kinds` differ, or a number by more than the tolerance.
    """

    kinds: tuple[object, ...]
    values: Array
    """The numbers of all trials, in one row."""


def answer_of(program: Program, function: str) -> Answer:
    """Return what calls a program: directly for arrays alone, which is most of all calls."""
    called = program.names.get(function)

    def answer(trial: Trial) -> Outcome:
        if trial.calls or not callable(called):
            return program.outcome(trial)
        return _called(called, trial.args)

    return answer


def _called(
    function: Callable[..., object],
    args: Sequence[Value],
) -> Outcome:
    copies = [array.copy() for array in args]
    try:
        with np.errstate(all="ignore"):
            value = function(*copies)
    except Exception as error:  # noqa: BLE001 - the exception is this answer's result
        # With its message: it is what a student sees, and other evidence may go by it.
        raised = Raised(
            type=type(error).__name__, message=str(error)[:_MOST_TEXT]
        )
        return Outcome(kind="raised", raised=raised)
    changed = not all(map(np.array_equal, copies, args))
    return Outcome(
        kind="returned",
        value=value,
        type_name=type(value).__name__,
        args_after=tuple(copies) if changed else None,
    )


def result(
    answer: Answer,
    trials: Sequence[Trial],
) -> Result:
    """Return what an answer gives on all trials."""
    kinds: list[object] = []
    numbers: list[Array] = []
    for trial in trials:
        outcome = answer(trial)
        kinds.append(_kind(outcome))
        if outcome.kind == "returned":
            kinds += _flattened(outcome.value, numbers)
    values = np.concatenate(numbers) if numbers else np.empty(0)
    # Numbers that no answer gives by chance, so that they can be compared like the others.
    return Result(
        tuple(kinds),
        np.nan_to_num(
            values,
            nan=1e300,
            posinf=2e300,
            neginf=-2e300,
        ),
    )


def _kind(outcome: Outcome) -> object:
    said = outcome.raised
    raised = (said.type, said.message) if said else None
    changed = outcome.args_after is not None
    return outcome.kind, outcome.type_name, outcome.call, raised, changed


def _flattened(
    value: Value,
    numbers: list[Array],
) -> Iterator[object]:
    """Yield what a value is made of, and add its numbers to `numbers`."""
    if (
        isinstance(
            value,
            np.ndarray,
        )
        and value.dtype.kind in "biufc"
    ):
        yield value.shape, value.dtype.kind == "c"
        _add(value, numbers)
    elif isinstance(value, bool | str | bytes | None):
        yield value
    elif isinstance(
        value,
        int | float | complex | np.number | np.bool_,
    ):
        yield "number"
        _add(np.asarray(value), numbers)
    elif isinstance(value, list | tuple):
        yield type(value).__name__, len(value)
        for item in value:
            yield from _flattened(item, numbers)
    elif isinstance(value, dict):
        yield tuple(map(repr, value))
        for item in value.values():
            yield from _flattened(item, numbers)
    else:
        yield (
            value.type_name
            if isinstance(
                value,
                Unsent,
            )
            else type(value)
        )


def _add(
    value: Array,
    numbers: list[Array],
) -> None:
    with np.errstate(all="ignore"):
        if value.dtype.kind == "c":
            numbers.append(value.imag.ravel().astype(float))
            value = value.real
        try:
            numbers.append(value.ravel().astype(float))
        except (OverflowError, TypeError):
            numbers.append(
                np.array([3e300])
            )  # an int of more digits than a float has


def indistinguishable(
    found: Mapping[str, Result], tolerance: Tolerance
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of answers that have the same result on every trial."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for name, each in found.items():
        groups.setdefault(
            each.kinds,
            [],
        ).append(name)
    for names in groups.values():
        table = np.array([found[name].values for name in names])
        for row, name in enumerate(names[:-1]):
            allowed = tolerance.atol + tolerance.rtol * np.abs(table[row])
            far = np.abs(table[row + 1 :] - table[row]) > allowed
            same = np.flatnonzero(~far.any(axis=1))
            yield from ((name, names[row + 1 + other]) for other in same)
