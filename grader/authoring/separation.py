"""Find known answers that the hidden inputs do not tell apart.

This is computed directly, without a grader, because it is done for every pair and many secrets.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from grader.model import Array, Case, Tolerance

Answer = Callable[..., object]

_MOST_TEXT = 200
"""Characters of an exception's message."""


class Result(msgspec.Struct, frozen=True, eq=False):
    """What an answer gives on all trials.

    Two answers are told apart if their `kinds` differ, or a number by more than the tolerance.
    """

    kinds: tuple[object, ...]
    values: Array
    """The numbers of all trials, in one row."""


def results(
    answers: Mapping[str, Answer | None], cases: Sequence[Case]
) -> dict[str, Result]:
    """Call every answer on all trials; None stands for a submission without the function."""
    return {name: _result(answer, cases) for name, answer in answers.items()}


def indistinguishable(
    found: Mapping[str, Result], tolerance: Tolerance
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of answers that have the same result on every trial."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for name, result in found.items():
        groups.setdefault(result.kinds, []).append(name)
    for names in groups.values():
        table = np.array([found[name].values for name in names])
        for row, name in enumerate(names[:-1]):
            allowed = tolerance.atol + tolerance.rtol * np.abs(table[row])
            far = np.abs(table[row + 1 :] - table[row]) > allowed
            same = np.flatnonzero(~far.any(axis=1))
            yield from ((name, names[row + 1 + other]) for other in same)


def _result(answer: Answer | None, cases: Sequence[Case]) -> Result:
    if answer is None:
        return Result(("no function",), np.empty(0))
    kinds: list[object] = []
    values: list[Array] = []
    for case in cases:
        for trial in case.trials:
            kind, numbers = _call(answer, trial.args)
            kinds.append(kind)
            values.append(numbers)
    return Result(
        tuple(kinds), np.concatenate(values) if values else np.empty(0)
    )


def _call(answer: Answer, args: Sequence[Array]) -> tuple[object, Array]:
    copies = [array.copy() for array in args]
    try:
        with np.errstate(all="ignore"):
            value = answer(*copies)
    except Exception as error:  # noqa: BLE001 - the exception is this answer's result
        # With its message: it is what a student sees, and what diagnosis goes by.
        return (type(error).__name__, str(error)[:_MOST_TEXT]), np.empty(0)
    changed = not all(map(np.array_equal, copies, args))
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return (type(value).__name__, changed), np.empty(0)
    kind = (isinstance(value, np.ndarray), value is None, changed, array.shape)
    # Numbers that no answer gives by chance, so that they can be compared like the others.
    return kind, np.nan_to_num(
        array.ravel(), nan=1e300, posinf=2e300, neginf=-2e300
    )
