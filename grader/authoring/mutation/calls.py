"""What may stand in place of a call: another function, other arguments, another type or axis."""

import ast
from collections.abc import Iterator, Sequence

from grader.authoring.mutation.context import Context, expression, replaced

_ALIKE = (
    "sum mean max min prod std cumsum",
    "std var",
    "zeros ones empty",
    "ravel copy transpose flatten",
    "argmax argmin argsort",
    "maximum minimum add",
    "exp log sqrt square abs",
    "lower upper strip title",
    "isalnum isalpha isdigit isspace",
    "append extend",
    "any all",
    "floor ceil round",
    "float64 int64 uint8 float32",
    "float int bool",
    "sorted list reversed",
    "random standard_normal",
)
"""Names that people mistake for one another."""


def calls(
    node: ast.AST,
    context: Context,
) -> Iterator[ast.AST]:
    """Yield another function, other arguments, or no call at all."""
    if not isinstance(node, ast.Call):
        return
    yield from _other_functions(node)
    if len(node.args) > 1:
        yield replaced(
            node,
            args=node.args[::-1],
        )
        yield replaced(
            node,
            args=node.args[:-1],
        )
    for number in range(len(node.keywords)):
        rest = [
            *node.keywords[:number],
            *node.keywords[number + 1 :],
        ]
        yield replaced(node, keywords=rest)
    if len(node.args) == 1:
        yield node.args[0]
    if isinstance(node.func, ast.Attribute):
        owner = ast.unparse(node.func.value)
        if context.numpy is None or not owner.startswith(context.numpy):
            yield node.func.value
    if (
        isinstance(
            node.func,
            ast.Name,
        )
        and node.func.id == "range"
    ):
        yield from _other_ranges(node)


def _other_functions(node: ast.Call) -> Iterator[ast.AST]:
    called = node.func
    if isinstance(called, ast.Attribute):
        for other in _alike(called.attr):
            yield replaced(
                node,
                func=replaced(called, attr=other),
            )
    if isinstance(called, ast.Name):
        for other in _alike(called.id):
            yield replaced(
                node,
                func=replaced(called, id=other),
            )


def types(
    node: ast.AST,
    _: Context,
) -> Iterator[ast.AST]:
    """Yield another number type, or another axis."""
    if (
        isinstance(
            node,
            ast.keyword,
        )
        and node.arg == "dtype"
    ):
        for other in ("int", "'uint8'", "'float32'", "float"):
            yield replaced(node, value=expression(other))
    if (
        isinstance(
            node,
            ast.keyword,
        )
        and node.arg == "axis"
    ):
        for other in ("0", "1", "-1", "None"):
            yield replaced(node, value=expression(other))


def _alike(name: str) -> Sequence[str]:
    groups = [group.split() for group in _ALIKE]
    found = {other for group in groups if name in group for other in group}
    return sorted(found - {name})


def _other_ranges(node: ast.Call) -> Iterator[ast.AST]:
    if not node.args:
        return
    inner = ", ".join(map(ast.unparse, node.args))
    last = ast.unparse(node.args[min(len(node.args), 2) - 1])
    first = ast.unparse(node.args[0]) if len(node.args) > 1 else "0"
    for text in (
        f"range({first}, {last} - 1)",
        f"range({first}, {last} + 1)",
        f"range({first} + 1, {last})",
        f"range({first}, {last}, 2)",
        f"range({first}, {last}, 3)",
        f"reversed(range({inner}))",
        f"range({last}, {first}, -1)",
    ):
        yield expression(text)
