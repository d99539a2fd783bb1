"""What may be done to an argument, to a value and to a result before it is used."""

import ast
from collections.abc import Iterator

from grader.authoring.mutation.context import Context, expression, replaced

# `np` stands for the name that the source has for NumPy; without NumPy, such patterns are left out.
_AROUND_ARGUMENTS = (
    "{}.T",
    "{}[::-1]",
    "{}[::-1, ::-1]",
    "np.pad({}, 1)",
    "np.pad({}, 2)",
    "np.pad({}, 1, mode='edge')",
    "np.roll({}, 1, axis=0)",
    "np.sort({})",
)
_AROUND_VALUES = (
    "np.abs({})",
    "np.clip({}, 0, 255)",
    "np.maximum({}, 0)",
    "np.round({})",
    "np.asarray({}).astype(int)",
    "np.asarray({}).astype(np.uint8)",
    "({}) / 9",
    "({}) / 255",
    "({}) * 1.001",
    "({}) / 2",
    "-({})",
    "({}) + 1",
    "({}) ** 2",
)
_AROUND_RESULTS = (
    "({}).T",
    "({})[None]",
    "({}).tolist()",
    "({}).ravel()",
    "({})[1:, 1:]",
    "({})[:-1]",
    "({})[1:]",
    "({})[::-1]",
    "sorted({})",
    "list({})",
    "set({})",
    "str({})",
    "({}).lower()",
    "np.pad({}, 1)",
    "np.zeros_like({})",
    "({}, {})",
    "None",
)
_OTHER_TYPES = ("int", "np.uint8", "np.float32", "float")


def wrapped(
    node: ast.AST,
    context: Context,
) -> Iterator[ast.AST]:
    """Yield an argument, a value or a result to which something is done on its way."""
    if (
        isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and node.id in context.parameters
    ):
        for pattern in _known(_AROUND_ARGUMENTS, context):
            yield _filled(pattern, node)
    if (
        isinstance(
            node,
            ast.Assign | ast.AugAssign | ast.Return,
        )
        and node.value
    ):
        patterns: tuple[str, ...] = _AROUND_VALUES
        if isinstance(node, ast.Return):
            patterns = (*patterns, *_AROUND_RESULTS)
        for pattern in _known(patterns, context):
            yield replaced(
                node,
                value=_filled(pattern, node.value),
            )
    if isinstance(node, ast.AugAssign):
        yield ast.Assign(
            targets=[node.target],
            value=node.value,
            lineno=0,
        )


def made(
    node: ast.AST,
    context: Context,
) -> Iterator[ast.AST]:
    """Yield an array of another kind, size or content where a new one is made."""
    if context.numpy is None or not isinstance(
        node,
        ast.Call,
    ):
        return
    numpy = context.numpy
    if ast.unparse(node.func) not in {
        f"{numpy}.zeros",
        f"{numpy}.empty",
    }:
        return
    for name in context.parameters:
        yield expression(f"{numpy}.zeros_like({name})")
        yield expression(f"{numpy}.zeros_like({name}, dtype=float)")
        yield expression(f"{numpy}.zeros({numpy}.shape({name}))")
        yield expression(f"{numpy}.array({name})")
    if node.args:
        shape = ast.unparse(node.args[0])
        for kind in _known(_OTHER_TYPES, context):
            yield expression(f"{numpy}.zeros({shape}, dtype={kind})")
        for change in ("+ 1", "- 1", "+ 2"):
            yield expression(
                f"{numpy}.zeros({numpy}.asarray({shape}) {change})"
            )


def _known(
    patterns: tuple[str, ...],
    context: Context,
) -> Iterator[str]:
    """Yield the patterns that a source can have without a further import."""
    for pattern in patterns:
        if context.numpy is not None:
            yield pattern.replace("np.", f"{context.numpy}.")
        elif "np." not in pattern:
            yield pattern


def _filled(
    pattern: str,
    node: ast.expr,
) -> ast.expr:
    text = ast.unparse(node)
    return expression(pattern.replace("{}", text))
