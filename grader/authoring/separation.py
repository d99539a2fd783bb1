"""Which known answers the hidden inputs tell apart: computed here, without a grader, for many secrets."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from grader.model import Array, Case, Tolerance

Answer = Callable[..., object]


class Result(msgspec.Struct, frozen=True, eq=False):
    """What an answer gives on all trials: what must be equal, and the numbers that must agree within the tolerance."""

    kinds: tuple[object, ...]
    values: Array


def results(
    answers: Mapping[str, Answer | None], cases: Sequence[Case]
) -> dict[str, Result]:
    """Call every answer on all trials; None stands for a submission that has no function to call."""
    return {name: _result(answer, cases) for name, answer in answers.items()}


def alike(
    found: Mapping[str, Result], tolerance: Tolerance
) -> Iterator[tuple[str, str]]:
    """Give the pairs whose results are the same on every trial."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for name, result in found.items():
        groups.setdefault(result.kinds, []).append(name)
    for names in groups.values():
        table = np.array([found[name].values for name in names])
        for row, name in enumerate(names[:-1]):
            far = np.abs(
                table[row + 1 :] - table[row]
            ) > tolerance.atol + tolerance.rtol * np.abs(table[row])
            yield from (
                (name, names[row + 1 + other])
                for other in np.flatnonzero(~far.any(axis=1))
            )


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
    return Result(tuple(kinds), np.concatenate(values) if values else np.empty(0))


def _call(answer: Answer, args: Sequence[Array]) -> tuple[object, Array]:
    copies = [array.copy() for array in args]
    try:
        with np.errstate(all="ignore"):
            value = answer(*copies)
    except Exception as error:  # noqa: BLE001 - that it raises, and what, is its result
        return type(error).__name__, np.empty(0)
    changed = not all(
        np.array_equal(copy, array) for copy, array in zip(copies, args, strict=True)
    )
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return (type(value).__name__, changed), np.empty(0)
    kind = (isinstance(value, np.ndarray), value is None, changed, array.shape)
    return kind, np.nan_to_num(array.ravel(), nan=1e300, posinf=2e300, neginf=-2e300)
