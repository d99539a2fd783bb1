"""The calls of a trial as lines of Python that a student can read, and run."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from grader.model import Call, Earlier, Trial, Value

_SHORT: Final = 24
"""Characters of an argument that is written out."""
_MOST_LINES: Final = 40


def input_names(trial: Trial, arguments: Sequence[str]) -> list[str]:
    """Return the names under which a trial's arguments are shown: those of the script, if any."""
    names = list(trial.names or arguments)
    if not trial.calls:
        return names
    return [_identifier(name) for name in names]


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name)


def script_of(
    trial: Trial,
    arguments: Sequence[str],
    *,
    of_several: bool = False,
) -> tuple[str, ...]:
    """Return a line for each call, such as `layer.forward(x)`; none for one plain call.

    With `of_several`, for a plain call too: there are several functions that may be meant.
    """
    if not trial.calls or (_is_plain(trial) and not of_several):
        return ()
    names = iter(input_names(trial, arguments))
    objects = names_of_results(trial)
    lines = []
    for index, call in enumerate(trial.calls):
        written = _call(call, names, objects)
        name = objects.get(index)
        lines.append(f"{name} = {written}" if name else written)
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES - 1 :] = ["..."]
    return tuple(lines)


def names_of_results(trial: Trial) -> dict[int, str]:
    """Return a name for each result that a later call uses, made from that of what was called."""
    used = {earlier for call in trial.calls for earlier in _uses(call)}
    calls = [(index, trial.calls[index]) for index in sorted(used)]
    plain = [_result_name(call) for _, call in calls]
    names = {}
    for place, (index, _) in enumerate(calls):
        name = plain[place]
        if plain.count(name) > 1:
            name = f"{name}_{plain[: place + 1].count(name)}"
        names[index] = name
    return names


def _uses(call: Call) -> Iterator[int]:
    if call.on is not None:
        yield call.on
    for value in (*call.args, *call.kwargs.values()):
        if isinstance(value, Earlier):
            yield value.index


def _result_name(call: Call) -> str:
    """Return `layer` for `Layer(...)`, and `forward_result` for `layer.forward(...)`."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", call.name).lower()
    return f"{name}_result" if name == call.name else name


def _call(
    call: Call,
    names: Iterator[str],
    objects: dict[int, str],
) -> str:
    said = call.name
    if call.on is not None:
        said = f"{objects.get(call.on, 'result')}.{call.name}"
    if call.is_attribute:
        return said
    by_place = [_named(value, names, objects) for value in call.args]
    by_name = [
        f"{name}={_argument(value, names, objects)}"
        for name, value in call.kwargs.items()
    ]
    return f"{said}({', '.join([*by_place, *by_name])})"


def _is_plain(trial: Trial) -> bool:
    """Return whether a trial is one call with nothing by name: its arguments say all."""
    return len(trial.calls) == 1 and not trial.calls[0].kwargs


def _named(
    value: Value,
    names: Iterator[str],
    objects: dict[int, str],
) -> str:
    """Return the name of an argument by position."""
    name = next(names, "...")
    if isinstance(value, Earlier):
        return objects.get(value.index, "result")
    return name


def _argument(
    value: Value, names: Iterator[str], objects: dict[int, str]
) -> str:
    """Return how an argument by name is written: a short one as it is."""
    name = _named(value, names, objects)
    return _literal(value) or name


def _literal(value: Value) -> str | None:
    if isinstance(value, np.generic):
        return None
    if value is None or isinstance(value, bool | float):
        return repr(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_SHORT else None
    if isinstance(value, str) and len(value) <= _SHORT:
        return repr(value)
    return None
