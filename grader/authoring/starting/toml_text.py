"""Values as exercise.toml writes them."""

import json
from collections.abc import Sequence

import numpy as np

from grader.model import Value

_WIDE = 88
"""Where a list gets a line for each of its items."""


class NotWritableError(Exception):
    """A value that exercise.toml has no form for; the message says which."""


def toml_value(value: Value) -> str:
    """Return a value as the right side of a line of exercise.toml.

    Raises `NotWritableError` for a value that has no form there.
    """
    if value is None:
        return "{ none = true }"
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return toml_value(value.item())
    if isinstance(value, tuple | list):
        return _list(value)
    if isinstance(value, dict):
        return _table(value)
    return _plain(value)


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not np.isfinite(value):
            raise NotWritableError(f"{value!r} is not a finite number")
        return repr(value)
    if isinstance(value, str):
        # TOML wants DEL escaped too, and half of a character is none.
        text = json.dumps(
            value,
            ensure_ascii=False,
        ).replace("\x7f", "\\u007f")
        if text.isprintable() or not any(map(_is_half, text)):
            return text
    raise NotWritableError(
        f"a value of the type {type(value).__name__} has no form there"
    )


def _is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


def _items(values: Sequence[Value]) -> str:
    return ", ".join(map(toml_value, values))


def _list(value: "list[Value] | tuple[Value, ...]") -> str:
    if isinstance(value, tuple):
        return f"{{ tuple = [{_items(value)}] }}"
    # A list of numbers alone would be read as an array.
    if value and all(isinstance(item, str) for item in value):
        return f"[{_items(value)}]"
    return f"{{ list = [{_items(value)}] }}"


def _table(value: dict[Value, Value]) -> str:
    if not all(isinstance(key, str) for key in value):
        raise NotWritableError(
            "a dict with keys that are not text has no form there"
        )
    pairs = [
        f"{json.dumps(key, ensure_ascii=False)} = {toml_value(item)}"
        for key, item in value.items()
    ]
    return f"{{ {', '.join(pairs)} }}"


def _array(value: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> str:
    if value.dtype.kind == "f" and not np.isfinite(value).all():
        raise NotWritableError(
            "an array with numbers that are not finite has no form there"
        )
    if value.dtype.kind not in "fiub":
        raise NotWritableError(f"an array of {value.dtype} has no form there")
    text = _nested(value.tolist())
    if value.dtype in (np.float64, np.int64) and value.ndim and value.size:
        return text
    return f"{{ {value.dtype} = {' '.join(text.split())} }}"


def _nested(value: Value) -> str:
    """Return nested lists; one that is long gets a line for each of its rows."""
    if not isinstance(value, list):
        return _plain(value)
    items = [_nested(item) for item in value]
    text = f"[{', '.join(items)}]"
    if len(text) <= _WIDE or not isinstance(
        value[0],
        list,
    ):
        return text
    rows = "".join(f"    {item},\n" for item in items)
    return f"[\n{rows}]"
