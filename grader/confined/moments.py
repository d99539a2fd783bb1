"""What the names of a line stood for when an exception was raised there.

The objects are a student's and may lie, raise or hang when they are asked. So only the methods of
built-in types and of `numpy.ndarray` itself are used, and only on objects that have these types;
any other object is described only by the name of its type. The description is short, however much
there is to describe.
"""

import json
import keyword
import linecache
import re
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from grader.confined.bounded_text import bounded

Json = dict[str, Any]

_NAMES = 12
_LINES = 10
_BYTES = 3500
_TEXT = 40
_AXES = 8
_BITS = 64
_PLACE_BITS = 31
_NAME = re.compile(r"[^\W\d]\w{0,39}(?!\w)")
_MISSING = object()
_PLAIN: dict[type, Callable[[Any], str]] = {
    bool: bool.__repr__,
    float: float.__repr__,
    complex: complex.__repr__,
    type(None): repr,
}
_SIZED: dict[type, Callable[[Any], int]] = {
    each: each.__len__ for each in (list, tuple, dict, set, frozenset, bytes)
}
_SCALARS = frozenset(np.sctypeDict.values())
_shape_of = np.ndarray.shape.__get__
_dtype_of = np.ndarray.dtype.__get__
_item_of = np.generic.item
_name_of = type.__dict__["__name__"].__get__


def _locals() -> object:
    return sys._getframe().f_locals  # noqa: SLF001 - there is no other way


_LOCALS = type(_locals())
"""What a function's frame has its names in: a dict, or since Python 3.13 a view of the frame."""


def variables_of(
    trace: types.TracebackType | None, cells: Mapping[str, int | None]
) -> list[Json]:
    """Return what the names of the line stood for at which the student's own code failed.

    It is the line of the deepest frame in `cells`, as in `judging.describe_exception`. Never
    raises: where something cannot be described, it returns less.
    """
    try:
        return _bounded(list(_variables(trace, cells)))
    except BaseException:  # noqa: BLE001 - the description is extra
        return []


def _bounded(variables: list[Json]) -> list[Json]:
    while len(json.dumps(variables)) > _BYTES:
        variables.pop()
    return variables


def _variables(
    trace: types.TracebackType | None, cells: Mapping[str, int | None]
) -> Iterator[Json]:
    deepest = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in cells:
            deepest = trace
        trace = trace.tb_next
    if deepest is None:
        return
    found = 0
    for name in _names(deepest):
        value = _value(deepest.tb_frame, name)
        told = None if value is _MISSING else _told(value)
        if told is not None:
            yield {"name": name, **told}
            found += 1
        if found == _NAMES:
            return


def _names(trace: types.TracebackType) -> list[str]:
    """Return the names that stand in the line, or in the lines of what failed there."""
    code, at = trace.tb_frame.f_code, trace.tb_lasti // 2
    end = trace.tb_lineno
    for number, position in enumerate(code.co_positions()):
        if number == at:
            end = min(max(position[1] or end, end), end + _LINES)
            break
    lines = linecache.getlines(code.co_filename)[trace.tb_lineno - 1 : end]
    text = "".join(lines)[: _LINES * 1000]
    names = dict.fromkeys(_NAME.findall(text))
    return [name for name in names if not keyword.iskeyword(name)]


def _value(frame: types.FrameType, name: str) -> object:
    local = frame.f_locals
    # Code that `exec` runs may have a student's own mapping there.
    kind = type(local)
    if (kind is dict or kind is _LOCALS) and name in local:
        return local[name]
    return dict.get(frame.f_globals, name, _MISSING)


def _told(value: object) -> Json | None:
    """Return the description of a value; None for functions, classes and modules."""
    kind = type(value)
    if issubclass(kind, types.ModuleType) or callable(value):
        return None
    told: Json = {"type": bounded(_name_of(kind), _TEXT)}
    # Looking up a type with a metaclass in a table would call the `__hash__` of that.
    return told | _more(value, kind) if type(kind) is type else told


def _more(value: Any, kind: type) -> Json:  # noqa: ANN401 - a student's value
    """Return the description of a value apart from its type."""
    if kind in _SIZED:
        return {"shape": [_SIZED[kind](value)]}
    if issubclass(kind, np.ndarray):
        return _array(value)
    return _scalar(_item_of(value) if kind in _SCALARS else value)


def _scalar(value: object) -> Json:
    if type(value) is int:
        return _number(value)
    if type(value) is str:
        return {"text": _quoted(value)}
    write = _PLAIN.get(type(value))
    return {} if write is None else {"text": write(value)[:_TEXT]}


def _number(value: int) -> Json:
    bits = value.bit_length()
    if bits > _BITS:
        return {}
    number = {"number": value} if bits <= _PLACE_BITS else {}
    return {"text": int.__repr__(value), **number}


def _quoted(value: str) -> str:
    text = repr(bounded(value[:_TEXT]))
    return text[: 2 * _TEXT] + ("..." if len(value) > _TEXT else "")


def _array(value: object) -> Json:
    shape = _shape_of(value)
    if len(shape) > _AXES:
        return {}
    return {"shape": list(shape), "dtype": bounded(_dtype_of(value), _TEXT)}
