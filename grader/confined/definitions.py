"""Tell which top-level statements define something, for a submission that cannot be run whole.

When running everything hangs or kills the worker, only these statements are run: they nearly always
come to an end, and the student's function seldom needs more.
"""

import ast
from typing import Final

_DEFINITIONS: Final = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)
_LITERALS: Final = (ast.Constant, ast.Name, ast.Lambda)
_COMBINATIONS: Final = (
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.UnaryOp,
    ast.BinOp,
)
_MAKERS: Final = frozenset(
    {"array", "asarray", "float32", "float64", "int64", "partial", "vectorize"}
)
"""Functions of libraries whose call counts as a constant when its arguments do."""


def defines(node: ast.stmt) -> bool:
    """Whether a statement is an import, a definition, a named constant, or a `try` of these."""
    try:
        return _defines(node)
    except RecursionError:
        return False  # an expression that is nested a thousand deep


def drop_annotations(node: ast.stmt) -> bool:
    """Take the annotations from a function's first line; return whether there were any."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    arguments = node.args
    each = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    each += [
        arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None
    ]
    found = node.returns is not None
    node.returns = None
    for argument in each:
        found = found or argument.annotation is not None
        argument.annotation = None
    return found


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, _DEFINITIONS):
        return True
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return node.value is None or _is_constant(node.value)
    if isinstance(node, ast.Try):
        handlers = [handler.body for handler in node.handlers]
        blocks = [node.body, node.orelse, node.finalbody, *handlers]
        return all(map(_all_define, blocks))
    return False


def _all_define(block: list[ast.stmt]) -> bool:
    return all(
        isinstance(inner, ast.Pass) or _defines(inner) for inner in block
    )


def _is_constant(node: ast.expr) -> bool:
    """Whether an expression is made of literals, names, arithmetic, lambdas and `_MAKERS` alone."""
    if isinstance(node, _LITERALS):
        return True
    if isinstance(node, ast.Attribute):
        return _is_constant(node.value)
    if isinstance(node, ast.Call):
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        return _is_maker(node.func) and all(map(_is_constant, given))
    if isinstance(node, _COMBINATIONS):
        parts = ast.iter_child_nodes(node)
        return all(
            _is_constant(part) for part in parts if isinstance(part, ast.expr)
        )
    return False


def _is_maker(called: ast.expr) -> bool:
    """Whether what is called makes a constant and is an attribute of a name, as in `np.array`."""
    if not isinstance(called, ast.Attribute):
        return False
    return isinstance(called.value, ast.Name) and called.attr in _MAKERS
