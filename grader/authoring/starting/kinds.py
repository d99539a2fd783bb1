"""What a parameter probably is, how inputs for it are drawn, and what the placeholder does to it.

A signature says little: `stride: int` is a whole number, `text` is probably a text, and what says
nothing is an array. Where a worked example is known, its values decide.
"""

import json
from typing import Final

import msgspec
import numpy as np

from grader.model import Parameter, Value


class Kind(msgspec.Struct, frozen=True):
    """What stands for one kind of argument."""

    example: Value
    """Its value in the worked example."""
    drawn: str
    """The expression in cases.py that draws one."""
    larger: str
    """The same for the second case."""
    placeholder: str
    """What the placeholder computes of it; `{}` is its name."""
    computed: Value
    """What that is for the example."""
    words: str
    """What it is called in a docstring."""


_ARRAY: Final = Kind(
    np.array([[1.0, 2.0], [3.0, 4.0]]),
    "rng.normal(size=(4, 3))",
    "rng.integers(-9, 10, size=(6, 2))",
    "2 * {}",
    np.array([[2.0, 4.0], [6.0, 8.0]]),
    "NumPy array",
)
_INT: Final = Kind(
    3,
    "int(rng.integers(1, 10**6))",
    "int(rng.integers(1, 10**6))",
    "2 * {}",
    6,
    "whole number",
)
_FLOAT: Final = Kind(
    0.5, "float(rng.normal())", "float(rng.normal())", "2 * {}", 1.0, "number"
)
_TEXT: Final = Kind(
    "some words",
    '" ".join(rng.choice(WORDS, 6))',
    '" ".join(rng.choice(WORDS, 9))',
    "{}.upper()",
    "SOME WORDS",
    "text",
)
_TEXTS: Final = Kind(
    ["some", "words"],
    "rng.choice(WORDS, 6).tolist()",
    "rng.choice(WORDS, 9).tolist()",
    "{}[::-1]",
    ["words", "some"],
    "list of texts",
)
_NUMBERS: Final = Kind(
    [1, 2, 3],
    "rng.integers(-99, 100, size=4).tolist()",
    "rng.integers(-99, 100, size=7).tolist()",
    "{}[::-1]",
    [3, 2, 1],
    "list of numbers",
)
_FLAG: Final = Kind(
    True,
    "bool(rng.integers(2))",
    "bool(rng.integers(2))",
    "not {}",
    False,
    "bool",
)
_TABLE: Final = Kind(
    {"a": 1.0},
    '{"a": float(rng.normal()), "b": float(rng.normal())}',
    '{"a": float(rng.normal()), "c": float(rng.normal())}',
    "{{**{}, 'seen': True}}",
    {"a": 1.0, "seen": True},
    "dict",
)

_BY_ANNOTATION: Final = {
    "int": _INT,
    "float": _FLOAT,
    "str": _TEXT,
    "bool": _FLAG,
    "list": _NUMBERS,
    "list[int]": _NUMBERS,
    "list[float]": _NUMBERS,
    "list[str]": _TEXTS,
    "dict": _TABLE,
}
_BY_NAME: Final = {
    **dict.fromkeys(
        ("k", "n", "m", "size", "stride", "padding"),
        _INT,
    ),
    **dict.fromkeys(
        ("classes", "steps", "count", "degree", "axis"),
        _INT,
    ),
    **dict.fromkeys(
        ("rate", "p", "alpha", "beta", "eps"),
        _FLOAT,
    ),
    **dict.fromkeys(
        ("text", "string", "sentence", "word"),
        _TEXT,
    ),
    **dict.fromkeys(
        ("words", "tokens", "names", "texts"),
        _TEXTS,
    ),
}
WORDS: Final = (
    "the",
    "quick",
    "Brown",
    "fox",
    "jumps",
    "over",
    "a",
    "lazy",
    "dog",
    "Then",
    "it",
    "sleeps",
)
"""Of which drawn texts are made."""


def is_generator(parameter: Parameter) -> bool:
    """Return whether a parameter takes a random generator, which then draws the inputs too."""
    annotation = parameter.annotation or ""
    return parameter.name == "rng" or annotation.endswith("Generator")


def is_understood(parameter: Parameter) -> bool:
    """Return whether the placeholder can do something to an argument, its default value too."""
    known = not parameter.optional or _by_default(parameter.default) is not None
    return known and not is_generator(parameter)


def kind_of(parameter: Parameter) -> Kind:
    """Return what a parameter probably takes, by its annotation, its default and its name."""
    annotation = parameter.annotation or ""
    if annotation in _BY_ANNOTATION:
        return _BY_ANNOTATION[annotation]
    if annotation.endswith("ndarray"):
        return _ARRAY
    by_default = _by_default(parameter.default)
    return by_default or _BY_NAME.get(
        parameter.name,
        _ARRAY,
    )


def _by_default(default: str | None) -> Kind | None:
    if default is None:
        return None
    for kind, found in ((bool, _FLAG), (int, _INT), (float, _FLOAT)):
        try:
            if type(json.loads(default.lower())) is kind:
                return found
        except ValueError:
            continue
    return (
        _TEXT
        if default[:1]
        in {
            "'",
            '"',
        }
        else None
    )


def drawn_like(value: Value) -> str:
    """Return an expression for cases.py that draws something of the kind of a worked example."""
    if isinstance(value, np.ndarray):
        return _array_like(value)
    if isinstance(value, bool):
        return "bool(rng.integers(2))"
    if isinstance(value, int | float):
        return _number_like(value)
    if isinstance(value, list | tuple | dict):
        return _collection_like(value)
    if isinstance(value, str):
        return '" ".join(rng.choice(WORDS, 6))'
    return repr(value)


def _number_like(value: float) -> str:
    if isinstance(value, int):
        low, high = (
            min(
                value,
                1,
            ),
            max(2 * abs(value), 5),
        )
        return f"int(rng.integers({low}, {high + 1}))"
    bounds = f"{min(0.0, 2 * value)!r}, {max(1.0, 2 * value)!r}"
    return f"float(rng.uniform({bounds}))"


def _collection_like(
    value: "list[Value] | tuple[Value, ...] | dict[Value, Value]",
) -> str:
    if isinstance(value, dict):
        pairs = (f"{key!r}: {drawn_like(item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    items = ", ".join(drawn_like(item) for item in value)
    if isinstance(value, list):
        return f"[{items}]"
    return f"({items},)" if value else "()"


def _array_like(
    value: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]",
) -> str:
    shape = value.shape if value.ndim != 1 else f"{value.shape[0]}"
    if value.dtype.kind in "iu":
        low, high = (
            (int(value.min()), int(value.max()))
            if value.size
            else (
                0,
                9,
            )
        )
        return f"rng.integers({low}, {high + 1}, size={shape})"
    if value.dtype.kind == "b":
        return f"rng.integers(2, size={shape}).astype(bool)"
    return f"rng.normal(size={shape})"
