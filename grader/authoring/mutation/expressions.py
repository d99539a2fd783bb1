"""What may stand in place of an expression: each function yields the others for one node."""

import ast
from collections.abc import Callable, Iterator
from typing import TypeAlias

from grader.authoring.mutation.calls import calls, types
from grader.authoring.mutation.context import Context, expression, replaced

Change: TypeAlias = Callable[[ast.AST, Context], Iterator[ast.AST]]
"""Yields what may stand in place of a node."""

_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.MatMult)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.NotEq, ast.Eq)


def operators(
    node: ast.AST,
    _: Context,
) -> Iterator[ast.AST]:
    """Yield another operator, the operands exchanged, or one of them alone."""
    if isinstance(
        node,
        ast.BinOp | ast.AugAssign,
    ):
        for other in (*_OPERATORS, ast.Mod, ast.Pow):
            if not isinstance(node.op, other):
                yield replaced(node, op=other())
    if isinstance(node, ast.BinOp):
        yield replaced(
            node,
            left=node.right,
            right=node.left,
        )
        yield node.left
        yield node.right
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    if isinstance(node, ast.BoolOp):
        other_op = (
            ast.Or
            if isinstance(
                node.op,
                ast.And,
            )
            else ast.And
        )
        yield replaced(node, op=other_op())
        yield from node.values


def constants(
    node: ast.AST,
    _: Context,
) -> Iterator[ast.AST]:
    """Yield another number, text or truth value."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        for number in (value + 1, value - 1, 3, 0, 2 * value, -value):
            if number != value:
                yield ast.Constant(number)
    elif isinstance(value, str):
        for text in ("", " ", "x", value[:-1], value.upper(), value[::-1]):
            if text != value:
                yield ast.Constant(text)


def comparisons(
    node: ast.AST,
    _: Context,
) -> Iterator[ast.AST]:
    """Yield another comparison, and a condition that is turned around."""
    if not isinstance(node, ast.Compare):
        return
    first = node.ops[0]
    if isinstance(first, _COMPARISONS):
        for other in _COMPARISONS:
            if not isinstance(first, other):
                yield replaced(
                    node,
                    ops=[other(), *node.ops[1:]],
                )
    else:
        yield ast.UnaryOp(
            ast.Not(),
            node,
        )


def conditions(
    node: ast.AST,
    _: Context,
) -> Iterator[ast.AST]:
    """Yield one branch of a conditional expression alone, or the branches exchanged."""
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
        yield replaced(
            node,
            body=node.orelse,
            orelse=node.body,
        )
    if isinstance(node, ast.comprehension):
        for number in range(len(node.ifs)):
            rest = [
                *node.ifs[:number],
                *node.ifs[number + 1 :],
            ]
            yield replaced(node, ifs=rest)


def indices(
    node: ast.AST,
    _: Context,
) -> Iterator[ast.AST]:
    """Yield other indices, fewer indices, or none."""
    if not isinstance(node, ast.Subscript):
        return
    index = node.slice
    if isinstance(index, ast.Tuple):
        every = index.elts
        for elements in (every[::-1], every[:1], every[1:], every[:1] * 2):
            yield replaced(
                node,
                slice=replaced(index, elts=elements),
            )
    if isinstance(index, ast.Name):
        for sign in ("-", "1 + ", "-1 + "):
            yield replaced(node, slice=expression(f"{sign}{index.id}"))
    yield node.value


def slices(
    node: ast.AST,
    _: Context,
) -> Iterator[ast.AST]:
    """Yield a slice that begins or ends elsewhere, or takes steps."""
    if not isinstance(node, ast.Slice):
        return
    yield replaced(node, lower=None)
    yield replaced(node, upper=None)
    yield replaced(
        node,
        step=ast.Constant(2),
    )
    for field, bound in (("lower", node.lower), ("upper", node.upper)):
        if bound is not None:
            for change in ("- 1", "+ 1"):
                text = f"({ast.unparse(bound)}) {change}"
                yield replaced(
                    node,
                    **{field: expression(text)},
                )


def sequences(
    node: ast.AST,
    _: Context,
) -> Iterator[ast.AST]:
    """Yield a tuple, list or dict with parts exchanged or left out."""
    if (
        isinstance(
            node,
            ast.Tuple | ast.List,
        )
        and len(node.elts) > 1
    ):
        loaded = isinstance(node.ctx, ast.Load)
        yield replaced(
            node,
            elts=node.elts[::-1],
        )
        for number in range(len(node.elts) if loaded else 0):
            rest = [
                *node.elts[:number],
                *node.elts[number + 1 :],
            ]
            yield replaced(node, elts=rest)
    if isinstance(node, ast.Dict):
        yield replaced(
            node,
            values=node.values[::-1],
        )
        for number in range(len(node.keys)):
            keys = [
                *node.keys[:number],
                *node.keys[number + 1 :],
            ]
            values = [
                *node.values[:number],
                *node.values[number + 1 :],
            ]
            yield replaced(
                node,
                keys=keys,
                values=values,
            )


def names(
    node: ast.AST,
    context: Context,
) -> Iterator[ast.AST]:
    """Yield another variable, parameter or attribute in its place."""
    if (
        isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and node.id in context.names
    ):
        for other in context.names:
            if other != node.id:
                yield ast.Name(
                    other,
                    ast.Load(),
                )
    if (
        isinstance(
            node,
            ast.Attribute,
        )
        and node.attr in context.attributes
    ):
        for other in context.attributes:
            if other != node.attr:
                yield replaced(node, attr=other)


CHANGES: tuple[Change, ...] = (
    *(operators, constants, comparisons, conditions, indices, slices),
    *(sequences, calls, types, names),
)
