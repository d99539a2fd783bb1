"""The values that a test writes out, read without running it."""

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from grader.authoring.takeover.conditions import shown
from grader.model import Value

_Node: TypeAlias = Any
"""Any kind of node: each reader knows its own."""
_MOST: Final = 10_000
"""Items of a list or an array."""
_BIGGEST: Final = 1e300


class NotLiteralError(Exception):
    """An expression that is not written out; the message says what it is."""


def literal(
    node: ast.expr,
    known: Mapping[str, Value],
) -> Value:
    """Return the value of an expression of literals and simple NumPy arrays.

    `known` are variables whose values were written out before. Raises `NotLiteralError`.
    """
    read = _READERS.get(type(node))
    if read is None:
        raise NotLiteralError(f"{shown(node)} is not written out")
    try:
        return read(node, known)
    except (
        *(ValueError, TypeError, OverflowError, ZeroDivisionError, KeyError),
        *(IndexError, MemoryError, AttributeError),
    ) as error:
        raise NotLiteralError(f"{shown(node)} cannot be read") from error


def _constant(
    node: _Node,
    _: Mapping[str, Value],
) -> Value:
    if isinstance(
        node.value,
        bool | int | float | str | type(None),
    ):
        return node.value
    raise NotLiteralError(f"{shown(node)} has no form in exercise.toml")


def _name(
    node: _Node,
    known: Mapping[str, Value],
) -> Value:
    if node.id in known:
        return known[node.id]
    raise NotLiteralError(f"`{node.id}` is not written out")


def _sequence(
    node: _Node,
    known: Mapping[str, Value],
) -> Value:
    items = [literal(item, known) for item in node.elts]
    return (
        tuple(items)
        if isinstance(
            node,
            ast.Tuple,
        )
        else items
    )


def _dict(
    node: _Node,
    known: Mapping[str, Value],
) -> Value:
    if None in node.keys:
        raise NotLiteralError(f"{shown(node)} is not written out")
    return {
        literal(
            key,
            known,
        ): literal(value, known)
        for key, value in zip(
            node.keys,
            node.values,
            strict=True,
        )
    }


def _unary(
    node: _Node,
    known: Mapping[str, Value],
) -> Value:
    value = literal(node.operand, known)
    if isinstance(node.op, ast.USub):
        return -value
    if isinstance(node.op, ast.Not):
        return not value
    if isinstance(node.op, ast.UAdd):
        return value
    raise NotLiteralError(f"{shown(node)} is not written out")


_OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}


def _binary(
    node: _Node,
    known: Mapping[str, Value],
) -> Value:
    left, right = (
        literal(
            node.left,
            known,
        ),
        literal(node.right, known),
    )
    for value in (left, right):
        if not isinstance(
            value,
            int | float | np.ndarray,
        ) or np.any(np.abs(value) > _BIGGEST):
            raise NotLiteralError(f"{shown(node)} is not written out")
    if isinstance(
        node.op,
        ast.Pow,
    ) and not isinstance(left, np.ndarray):
        return math.pow(left, right)
    return _OPERATORS[type(node.op)](left, right)


def _attribute(
    node: _Node,
    known: Mapping[str, Value],
) -> Value:
    text = ast.unparse(node)
    constants = {
        "np.pi": math.pi,
        "math.pi": math.pi,
        "np.e": math.e,
    }
    if text in constants:
        return constants[text]
    value = literal(node.value, known)
    if node.attr == "T" and isinstance(
        value,
        np.ndarray,
    ):
        return value.T
    raise NotLiteralError(f"{shown(node)} is not written out")


_MAKERS: Final[dict[str, Callable[..., Any]]] = {
    f"{module}.{name}": getattr(np, name)
    for module in ("np", "numpy")
    for name in ("array", "asarray", "zeros", "ones", "full", "eye", "arange")
}
_MAKERS["list"] = list
_MAKERS["tuple"] = tuple
_MAKERS["range"] = lambda *args: list(_bounded_range(*args))
_MAKERS["float"] = float
_MAKERS["int"] = int
_TYPES: Final = {
    "float",
    "int",
    "bool",
    "np.float64",
    "np.int64",
    "np.float32",
    "np.uint8",
}


def _bounded_range(*args: int) -> range:
    found = range(*args)
    if len(found) > _MOST:
        raise NotLiteralError("a range of more than 10,000 numbers")
    return found


def _call(
    node: _Node,
    known: Mapping[str, Value],
) -> Value:
    function = ast.unparse(node.func)
    if isinstance(
        node.func,
        ast.Attribute,
    ) and node.func.attr in {
        "reshape",
        "astype",
        "tolist",
        "copy",
    }:
        return _method(node, known)
    if function not in _MAKERS:
        raise NotLiteralError(f"{shown(node)} is computed")
    args = [literal(arg, known) for arg in node.args]
    named = {each.arg: _type_or(each.value, known) for each in node.keywords}
    if function.rpartition(".")[2] in {
        "zeros",
        "ones",
        "full",
        "eye",
        "arange",
    }:
        _require_small(args)
    return _MAKERS[function](*args, **named)


def _method(
    node: _Node,
    known: Mapping[str, Value],
) -> Value:
    value = literal(node.func.value, known)
    if not isinstance(value, np.ndarray):
        raise NotLiteralError(f"{shown(node)} is computed")
    args = [_type_or(arg, known) for arg in node.args]
    return getattr(
        value,
        node.func.attr,
    )(*args)


def _type_or(
    node: ast.expr,
    known: Mapping[str, Value],
) -> Value:
    text = ast.unparse(node)
    if text in _TYPES:
        return text.removeprefix("np.")
    return literal(node, known)


def _require_small(args: list[Value]) -> None:
    """Refuse an array that would be far larger than anyone writes down."""
    sizes = [size for arg in args for size in np.ravel(arg).tolist()]
    if math.prod(max(abs(size), 1) for size in sizes) > _MOST:
        raise NotLiteralError("an array of more than 10,000 numbers")


_READERS: Final[
    dict[type[ast.expr], Callable[[Any, Mapping[str, Value]], Value]]
] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Dict: _dict,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Attribute: _attribute,
    ast.Call: _call,
}
