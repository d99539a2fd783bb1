"""What the stub gives, as source: it is put back before anything of a submission is called.

These are the functions, classes and methods that have a body, and the imports and the constants of
the stub that they use. A student may break none of them.
"""

import ast
from collections.abc import Collection, Iterator, Sequence

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BINDING = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)


def given_source(
    tree: ast.Module,
    to_write: Collection[ast.stmt],
) -> str:
    """Return the source that gives back what has a body in the stub, or an empty text."""
    whole = [node for node in tree.body if _is_given(node, to_write)]
    methods = list(_given_methods(tree, to_write))
    if not whole and not methods:
        return ""
    kept = {*whole, *_needed([*whole, *(each for _, each in methods)], tree)}
    lines = [ast.unparse(node) for node in tree.body if node in kept]
    lines += [_method_source(name, method) for name, method in methods]
    return "\n".join(lines) + "\n"


def _is_given(
    node: ast.stmt,
    to_write: Collection[ast.stmt],
) -> bool:
    if isinstance(node, ast.ClassDef):
        return not any(each in to_write for each in node.body)
    return isinstance(node, _FUNCTIONS) and node not in to_write


def _given_methods(
    tree: ast.Module,
    to_write: Collection[ast.stmt],
) -> Iterator[tuple[str, _Function]]:
    """Yield the methods that have a body, of classes where others are to be written."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not _is_given(node, to_write):
            for each in node.body:
                if isinstance(each, _FUNCTIONS) and each not in to_write:
                    yield node.name, each


def _needed(
    users: Sequence[ast.stmt],
    tree: ast.Module,
) -> Iterator[ast.stmt]:
    """Yield the imports and constants whose names these definitions read, directly or not."""
    wanted = {name for user in users for name in _read(user)}
    left = [node for node in tree.body if isinstance(node, _BINDING)]
    while found := [node for node in left if wanted & set(_bound(node))]:
        yield from found
        wanted |= {name for node in found for name in _read(node)}
        left = [node for node in left if node not in found]


def _read(node: ast.stmt) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            yield each.id


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
        return
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _method_source(
    name: str,
    method: _Function,
) -> str:
    """Return the lines that put one method back into a student's class, if it is a class.

    It is defined in a class of its own, so that no function of its name is lost.
    """
    body = ast.unparse(method).replace("\n", "\n        ")
    return (
        f"if isinstance(globals().get({name!r}), type):\n"
        f"    class _Given:\n"
        f"        {body}\n"
        f"    {name}.{method.name} = vars(_Given)[{method.name!r}]\n"
        f"    del _Given"
    )
