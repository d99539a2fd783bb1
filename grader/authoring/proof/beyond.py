"""Inputs near those of the cases that no case has: what the statement may promise, or may not."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from grader.authoring.judge import Asked, Judge
from grader.authoring.values import is_finite
from grader.model import Call, Trial, Value

_MOST: Final = 80


class Varied(
    msgspec.Struct,
    frozen=True,
    eq=False,
):
    """A trial with other arguments, and what is other about them."""

    asked: Asked
    what: str


def beyond(
    judge: Judge,
    asked: Sequence[Asked],
) -> list[Varied]:
    """Return trials with changed arguments for which the reference has an answer."""
    found = []
    for each in _one_of_each_form(asked):
        for what, trial in _variations(each.trial):
            # The reference may not be made for these.
            with contextlib.suppress(Exception):
                new = judge.ask(trial, each.case)
                if is_finite(new.expected):
                    found.append(Varied(new, what))
    # Of all kinds some, rather than all of the first case.
    step = max(1, len(found) // _MOST)
    return found[::step]


def _one_of_each_form(asked: Sequence[Asked]) -> list[Asked]:
    forms = {
        (
            tuple(call.name for call in each.trial.calls),
            each.trial.names,
            tuple(_form(value) for value in each.trial.args),
        ): each
        for each in asked
    }
    return list(forms.values())


def _form(value: Value) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype.kind}{value.ndim}"
    return type(value).__name__


def _variations(trial: Trial) -> Iterator[tuple[str, Trial]]:
    """Yield trials of which one argument is other, or all arrays are."""
    for number, value in enumerate(trial.args):
        name = trial.names[number] if number < len(trial.names) else ""
        for what, new in _other_values(value):
            yield (
                f"{name} {what}".strip(),
                _with(
                    trial,
                    {number: new},
                ),
            )
    arrays = {
        number: value
        for number, value in enumerate(trial.args)
        if isinstance(value, np.ndarray) and value.ndim
    }
    for what, change in _TOGETHER.items():
        if len(arrays) > 1:
            changed = {
                number: change(value) for number, value in arrays.items()
            }
            yield f"all arrays {what}", _with(trial, changed)


_TOGETHER: Final[dict[str, Any]] = {
    "transposed": lambda value: value.T.copy(),
    "without their last row": lambda value: value[:-1],
    "without their last column": lambda value: value[..., :-1],
    "as float32": lambda value: value.astype(np.float32),
}


def _other_values(value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, bool):
        yield "turned around", not value
    elif isinstance(value, int | float):
        for other in (value + 1, value - 1, 0 * value, -value):
            yield f"= {other:.4g}", other
    elif isinstance(value, str):
        for text in ("", value.upper(), f"{value}, {value}", value[::-1]):
            yield "= another text", text
    elif isinstance(value, list):
        for other_list in (value[::-1], value[:-1], value[:1] * 2):
            yield "= another list", other_list
    elif (
        isinstance(
            value,
            np.ndarray,
        )
        and value.dtype.kind in "iuf"
    ):
        yield from _other_arrays(value)


def _other_arrays(value: Any) -> Iterator[tuple[str, Value]]:  # noqa: ANN401 - any array
    yield "negated", -value
    yield (
        "all the same",
        np.full_like(
            value,
            value.flat[0] if value.size else 0,
        ),
    )
    yield "all 0", np.zeros_like(value)
    if value.dtype.kind == "f":
        yield "with whole numbers", np.rint(value).astype(np.int64)
        yield "as float32", value.astype(np.float32)
        yield "with large numbers", value * 1e4
    else:
        yield "with fractions", value + 0.5
    if value.ndim:
        yield "without its last row", value[:-1]
        yield "without its last column", value[..., :-1]
        yield "with one row", value[:1]


def _with(
    trial: Trial,
    changed: dict[int, Value],
) -> Trial:
    """Return a trial with other arguments, numbered as in `args`."""
    args = tuple(
        changed.get(
            number,
            value,
        )
        for number, value in enumerate(trial.args)
    )
    left = iter(args)
    calls = tuple(_with_arguments(call, left) for call in trial.calls)
    return msgspec.structs.replace(
        trial,
        args=args,
        calls=calls,
    )


def _with_arguments(
    call: Call,
    left: Iterator[Value],
) -> Call:
    args = tuple(next(left) for _ in call.args)
    kwargs = {name: next(left) for name in call.kwargs}
    return msgspec.structs.replace(
        call,
        args=args,
        kwargs=kwargs,
    )
