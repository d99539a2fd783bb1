"""What may be an argument of a recorded call: copies of it, and which parameter it is for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from grader.model import Parameter, Random, Value
from grader.recording.node import Node, RecordingError, close_to
from grader.recording.randoms import random_of

MOST_VALUES: Final = 4_000_000
"""The most values in one array."""

_DEEPEST: Final = 32
_PLAIN: Final = (type(None), bool, int, float, complex, str, bytes)


def copied(
    value: Any,  # noqa: ANN401 - whatever an author passes
    place: Callable[[Node], Value],
    depth: int = 0,
) -> Value:
    """Return a copy that nobody else changes; `place` says what stands for a node.

    Raises `RecordingError` for what no value can be.
    """
    if depth > _DEEPEST:
        raise RecordingError("a value is nested too deeply")
    if isinstance(value, Node):
        return place(value)
    if isinstance(value, list | tuple):
        items = [copied(item, place, depth + 1) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {
            _key(key): copied(item, place, depth + 1)
            for key, item in value.items()
        }
    return _leaf(value)


def _leaf(value: Any) -> Value:  # noqa: ANN401 - whatever an author passes
    if type(value) in _PLAIN or isinstance(value, np.generic | Random):
        return _checked(value)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.random.Generator):
        return _random(value)
    raise RecordingError(
        f"a {type(value).__name__} cannot be sent: use numbers, text, arrays, lists, tuples "
        "and dicts"
    )


def _checked(value: Any) -> Value:  # noqa: ANN401 - one of the plain types
    if isinstance(value, np.generic) and value.dtype.kind not in "biufc":
        raise RecordingError(
            f"a NumPy scalar of type {value.dtype} cannot be sent"
        )
    return value


def _array(value: np.ndarray[Any, Any]) -> Value:
    if value.dtype.kind not in "biufc":
        raise RecordingError(f"an array of {value.dtype} cannot be sent")
    if value.size > MOST_VALUES:
        raise RecordingError(
            f"an array of {value.size:,} values is too big; {MOST_VALUES:,} is the most"
        )
    copy = np.array(value, order="C")
    copy.flags.writeable = False
    return copy


def _key(key: object) -> object:
    if type(key) not in _PLAIN:
        raise RecordingError(
            f"a key of a dict is a {type(key).__name__}; use text or numbers"
        )
    return key


def _random(value: Any) -> Value:  # noqa: ANN401 - naming its type would import numpy.random
    try:
        return random_of(value)
    except ValueError as error:
        raise RecordingError(str(error)) from None


def parameter_names(
    said: str,
    parameters: Sequence[Parameter],
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> tuple[str, ...]:
    """Return the name of the parameter that each argument is for, those by position first.

    Raises `RecordingError` if the stub's function cannot be called like this.
    """
    by_place = [each.name for each in parameters if not each.by_name_only]
    if len(args) > len(by_place):
        takes = f"{len(by_place)} by position"
        raise RecordingError(f"{said} takes {takes}, and gets {len(args)}")
    names = by_place[: len(args)]
    known = [each.name for each in parameters]
    for name in kwargs:
        if name not in known:
            raise RecordingError(
                f"{said} has no parameter {name}{close_to(name, known)}"
            )
        if name in names:
            raise RecordingError(f"{said} gets {name} twice")
    given = {*names, *kwargs}
    missing = [
        each.name
        for each in parameters
        if not each.optional and each.name not in given
    ]
    if missing:
        raise RecordingError(f"{said} also needs {', '.join(missing)}")
    return (*names, *kwargs)
