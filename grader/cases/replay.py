"""Run a trial on functions of our own, such as the reference's: what would come over the wire."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from grader.confined import values
from grader.model import Call, Earlier, Random, Trial, Unsent, Value
from grader.recording import generator_of


class Replayed(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What came of a trial: a value, or the exception of the first call that did not return."""

    value: Value = None
    raised: BaseException | None = None
    call: int = 0
    """Which call raised."""


def canonical(value: object) -> Value:
    """Return what a value is after it has crossed the wire: a copy, of plain parts alone.

    ValueError for one that is too large.
    """
    return values.canonical(value, _unsent)


def _unsent(type_name: str, dtype: str) -> Unsent:
    return Unsent(type_name, dtype or None)


def replay(
    trial: Trial,
    function: str,
    names: Mapping[str, Any],
) -> Value:
    """Return the result of a trial, from the functions and classes that `names` has.

    `function` is the exercise's first target: a plain trial calls it. Arguments are copied for each
    call. Raises whatever a call raises.
    """
    with np.errstate(all="ignore"):
        return replay_silenced(trial, function, names)


def replay_silenced(
    trial: Trial,
    function: str,
    names: Mapping[str, Any],
) -> Value:
    """Return what `replay` does, for a caller that has silenced NumPy for many trials at once."""
    if not trial.calls:
        arguments = [array.copy() for array in trial.args]
        return canonical(names[function](*arguments))
    done = replayed(trial, function, names)
    if done.raised is not None:
        raise done.raised
    return done.value


def replayed(
    trial: Trial,
    function: str,
    names: Mapping[str, Any],
) -> Replayed:
    """Return what comes of a trial, an exception of a call included."""
    calls = trial.calls or (Call(name=function, args=trial.args),)
    results: list[Any] = []
    sent: list[Value] = []
    with np.errstate(all="ignore"):
        for number, call in enumerate(calls):
            try:
                results.append(_called(call, results, names))
                # At once, as a worker sends it: a later call may change what this one returned.
                sent.append(canonical(results[-1]) if call.is_sent else None)
            except Exception as error:  # noqa: BLE001 - the author's function may raise anything
                return Replayed(raised=error, call=number)
        return Replayed(value=_filled(trial.result, sent))


def _called(
    call: Call,
    results: list[Any],
    names: Mapping[str, Any],
) -> Any:  # noqa: ANN401 - whatever it returns
    if call.is_attribute:
        return getattr(results[call.on or 0], call.name)
    found = (
        names[call.name]
        if call.on is None
        else getattr(results[call.on], call.name)
    )
    args = [_argument(value, results) for value in call.args]
    kwargs = {
        key: _argument(value, results) for key, value in call.kwargs.items()
    }
    return found(*args, **kwargs)


def _argument(
    value: Value,
    results: list[Any],
) -> Any:  # noqa: ANN401 - as above
    """Return an argument as the call gets it: a copy, except for results of earlier calls."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, Earlier):
        return results[value.index]
    if isinstance(value, Random):
        return generator_of(value)
    if isinstance(value, list | tuple):
        return type(value)(_argument(item, results) for item in value)
    if isinstance(value, dict):
        return {key: _argument(item, results) for key, item in value.items()}
    return value


def _filled(
    template: Value,
    sent: list[Value],
) -> Value:
    """Return the template with the results in their places."""
    if isinstance(template, Earlier):
        return sent[template.index]
    if isinstance(template, list | tuple):
        return type(template)(_filled(item, sent) for item in template)
    if isinstance(template, dict):
        return {key: _filled(item, sent) for key, item in template.items()}
    return template
