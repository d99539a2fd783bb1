"""Fast walks over syntax trees.

`ast.walk` spends most of its time on fields that cannot hold a node, and on the operators and
contexts that nobody asks for. The walks here skip both, and visit nodes in the order of the source.
"""

import ast
from collections.abc import Iterator

_NEVER_NODES = {
    "ctx",
    "op",
    "ops",
    "id",
    "attr",
    "module",
    "level",
    "kind",
    "type_comment",
}
_LEAVES = (ast.Constant, ast.Global, ast.Nonlocal, ast.alias)
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _NEVER_NODES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_FIELDS.update(dict.fromkeys(_LEAVES, ()))


def last_line(node: ast.stmt | ast.expr) -> int:
    """Return the last line of a node: the parser always knows it."""
    return node.end_lineno or node.lineno


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly inside a node, in the order of its fields."""
    found: list[ast.AST] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name, None)
        if type(value) is list:  # as the parser made it
            found += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(root: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all nodes inside it, outer ones first."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        inner = children(node)
        inner.reverse()
        stack += inner
