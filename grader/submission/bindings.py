"""What the top level of a submission binds, in the order of its text.

The walks keep their own stacks, because a student's expression may be nested more deeply than
Python's own stack allows.
"""

import ast
from collections.abc import Iterator
from typing import Literal

import msgspec

from grader.submission.nodes import children, walk

Kind = Literal["function", "class", "import", "constant", "computed", "deleted"]
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

_CLOSED = (*DEFINITIONS, ast.expr)
"""Nodes that hold no statement of the top level."""
_NEW_SCOPES = (ast.Lambda, *COMPREHENSIONS)
_EXPRESSIONS = (ast.expr, ast.withitem)
_SEQUENCES = (ast.Tuple, ast.List)
_LITERAL = (
    *(ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set),
    *(ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.expr_context),
)
"""Nodes of which literal values consist, such as `[[1, 0], [0, -1]]`."""


class Binding(msgspec.Struct, frozen=True, eq=False):
    """One place at the top level where a name gets a value."""

    name: str
    kind: Kind
    node: ast.AST
    """What the value comes from: the definition, or the expression."""
    line: int
    cell: int | None
    always: bool
    """False inside an `if`, `try`, `for` ... that may not run."""
    main_only: bool
    """True under `if __name__ == "__main__":`."""
    origin: str | None = None
    """For an import: the dotted name of what is bound, such as `scipy.signal.convolve2d`."""


def top_level(tree: ast.Module, cell: int | None) -> list[Binding]:
    """List what a module, or a notebook's cell, binds in order; blocks are included."""
    found: list[Binding] = []
    stack: list[tuple[ast.AST, bool, bool]] = [
        (node, True, False) for node in reversed(tree.body)
    ]
    while stack:
        node, always, main = stack.pop()
        for name, kind, value, origin in _bound_by(node):
            line = _line(node, value)
            found.append(
                Binding(name, kind, value, line, cell, always, main, origin)
            )
        if isinstance(node, _CLOSED):
            continue
        main_here = main or (
            isinstance(node, ast.If) and is_main_guard(node.test)
        )
        inner = [
            (child, False, main_here)
            for child in children(node)
            if not isinstance(child, ast.expr)
        ]
        stack += reversed(inner)
    return found


def _line(node: ast.AST, value: ast.AST) -> int:
    """Return the line of a statement; a `with` item and a `case` have none of their own."""
    pattern = getattr(node, "pattern", None)
    for each in (node, value, pattern):
        line = getattr(each, "lineno", None)
        if isinstance(line, int):
            return line
    return 1


def is_main_guard(test: ast.expr) -> bool:
    """Return whether a test is `__name__ == "__main__"`, in either order."""
    if not isinstance(test, ast.Compare) or len(test.comparators) != 1:
        return False
    sides = (test.left, test.comparators[0])
    named = any(
        isinstance(side, ast.Name) and side.id == "__name__" for side in sides
    )
    return named and any(
        isinstance(side, ast.Constant) and side.value == "__main__"
        for side in sides
    )


_Bound = tuple[str, Kind, ast.AST, str | None]
"""Name, kind, value and origin."""


def _bound_by(node: ast.AST) -> Iterator[_Bound]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.name, "function", node, None
        case ast.ClassDef():
            yield node.name, "class", node, None
        case ast.Import() | ast.ImportFrom():
            for name, origin in imported(node):
                yield name, "import", node, origin
        case ast.Delete():
            for target in node.targets:
                for name in names_stored(target):
                    yield name, "deleted", node, None
        case ast.ExceptHandler():
            if node.name:
                yield node.name, "computed", node, None
        case _:
            yield from _assigned_by(node)


def _assigned_by(node: ast.AST) -> Iterator[_Bound]:
    # One walk over a value for all its targets, as in `a = b = value`.
    kinds: dict[int, Kind] = {}
    for target, value in assigned(node):
        if id(value) not in kinds:
            kinds[id(value)] = _kind_of(value)
        for name in names_stored(target):
            yield name, kinds[id(value)], value, None


def assigned(node: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    """Pair the targets that a statement binds with what their values come from."""
    pairs: list[tuple[ast.AST, ast.AST]] = [
        (child.target, child.value)
        for child in _own_expressions(node)
        if isinstance(child, ast.NamedExpr)
    ]
    match node:
        case ast.Assign():
            for target in node.targets:
                pairs += _unpacked(target, node.value)
        case ast.AnnAssign() if node.value is not None:
            pairs.append((node.target, node.value))
        case ast.AugAssign():
            pairs.append((node.target, node))
        case ast.For() | ast.AsyncFor():
            pairs.append((node.target, node.iter))
        case ast.withitem() if node.optional_vars is not None:
            pairs.append((node.optional_vars, node.context_expr))
        case ast.match_case():
            pairs.append((node.pattern, node))
    return pairs


def _unpacked(
    target: ast.expr, value: ast.expr
) -> list[tuple[ast.AST, ast.AST]]:
    """Pair `a, b = 1, f` element by element, so that each name has its own value."""
    if not isinstance(target, _SEQUENCES) or not isinstance(value, _SEQUENCES):
        return [(target, value)]
    starred = any(isinstance(element, ast.Starred) for element in target.elts)
    if starred or len(target.elts) != len(value.elts):
        return [(target, value)]
    return list(zip(target.elts, value.elts, strict=True))


def _own_expressions(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a statement's own expressions, without its inner statements and new scopes."""
    stack: list[ast.AST] = [
        child for child in children(node) if isinstance(child, _EXPRESSIONS)
    ]
    while stack:
        child = stack.pop()
        yield child
        if not isinstance(child, _NEW_SCOPES):
            stack += children(child)


def _kind_of(value: ast.AST) -> Kind:
    if isinstance(value, ast.Lambda):
        return "function"
    literal = all(isinstance(node, _LITERAL) for node in walk(value))
    return "constant" if literal else "computed"


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """Yield (local name, dotted origin) for what an import binds; a star's name is `*`."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            yield alias.asname or alias.name, _origin(node, alias.name)
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            package = alias.name.partition(".")[0]
            yield package, package


def _origin(node: ast.ImportFrom, name: str) -> str:
    dots = "." * node.level
    return f"{dots}{node.module}.{name}" if node.module else f"{dots}{name}"


def names_stored(target: ast.AST) -> Iterator[str]:
    """Yield the names that a target, or a pattern, binds."""
    for node in walk(target):
        yield from stored_by(node)


def stored_by(node: ast.AST) -> Iterator[str]:
    """Yield the name that this one node binds, if it binds one."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
