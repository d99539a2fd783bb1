"""What the top level of a submission binds, in the order of its text. Pure, iterative, total."""

import ast
from collections.abc import Iterator
from typing import Literal

import msgspec

Kind = Literal["function", "class", "import", "constant", "computed", "deleted"]
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Binding(msgspec.Struct, frozen=True, eq=False):
    """One place at the top level where a name gets a value."""

    name: str
    kind: Kind
    node: ast.AST
    """What the value comes from: the definition, or the expression."""
    line: int
    cell: int | None
    always: bool
    """False inside an `if`, `try`, `for` ... which may not run."""
    main_only: bool
    """True under `if __name__ == "__main__":`."""
    origin: str | None = None
    """For an import: the dotted name of what is bound, such as `scipy.signal.convolve2d`."""


def top_level(tree: ast.Module, cell: int | None) -> list[Binding]:
    """List what a module (or a notebook's cell) binds, in the order of the text, blocks included."""
    found: list[Binding] = []
    stack: list[tuple[ast.AST, bool, bool]] = [
        (node, True, False) for node in reversed(tree.body)
    ]
    while stack:
        node, always, main = stack.pop()
        found += [
            Binding(name, kind, value, _line(node, value), cell, always, main, origin)
            for name, kind, value, origin in _bound_by(node)
        ]
        if isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)
        ):
            continue
        main_here = main or (isinstance(node, ast.If) and is_main_guard(node.test))
        children = [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.expr)
        ]
        stack += [(child, False, main_here) for child in reversed(children)]
    return found


def _line(node: ast.AST, value: ast.AST) -> int:
    """Give the line of a statement; a `with` item and a `case` have none of their own."""
    line = (
        getattr(node, "lineno", None)
        or getattr(value, "lineno", None)
        or getattr(node, "pattern", node)
    )
    return line if isinstance(line, int) else int(getattr(line, "lineno", 1))


def is_main_guard(test: ast.expr) -> bool:
    """Tell `__name__ == "__main__"`."""
    return (
        isinstance(test, ast.Compare)
        and len(test.comparators) == 1
        and {ast.dump(side) for side in (test.left, test.comparators[0])}
        == {
            ast.dump(ast.Name("__name__", ast.Load())),
            ast.dump(ast.Constant("__main__")),
        }
    )


def _bound_by(node: ast.AST) -> Iterator[tuple[str, Kind, ast.AST, str | None]]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.name, "function", node, None
        case ast.ClassDef():
            yield node.name, "class", node, None
        case ast.Import() | ast.ImportFrom():
            yield from (
                (name, "import", node, origin) for name, origin in imported(node)
            )
        case ast.Delete():
            yield from (
                (name, "deleted", node, None)
                for target in node.targets
                for name in names_stored(target)
            )
        case ast.ExceptHandler():
            if node.name:
                yield node.name, "computed", node, None
        case _:
            kinds: dict[int, Kind] = {}
            for target, value in assigned(node):
                if id(value) not in kinds:
                    kinds[id(value)] = _kind_of(value)
                yield from (
                    (name, kinds[id(value)], value, None)
                    for name in names_stored(target)
                )


def assigned(node: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    """Pair the targets that a statement binds with what their values come from."""
    match node:
        case ast.Assign():
            pairs: list[tuple[ast.AST, ast.AST]] = []
            for target in node.targets:
                pairs += _unpacked(target, node.value)
        case ast.AnnAssign() if node.value is not None:
            pairs = [(node.target, node.value)]
        case ast.AugAssign():
            pairs = [(node.target, node)]
        case ast.For() | ast.AsyncFor():
            pairs = [(node.target, node.iter)]
        case ast.withitem() if node.optional_vars is not None:
            pairs = [(node.optional_vars, node.context_expr)]
        case ast.match_case():
            pairs = [(node.pattern, node)]
        case _:
            pairs = []
    walruses = [
        child for child in _own_expressions(node) if isinstance(child, ast.NamedExpr)
    ]
    return [*((child.target, child.value) for child in walruses), *pairs]


def _unpacked(target: ast.expr, value: ast.expr) -> list[tuple[ast.AST, ast.AST]]:
    """Pair `a, b = 1, f` element by element, so that each name has its own value."""
    same = isinstance(target, (ast.Tuple, ast.List)) and isinstance(
        value, (ast.Tuple, ast.List)
    )
    if (
        same
        and len(target.elts) == len(value.elts)
        and not any(isinstance(e, ast.Starred) for e in target.elts)
    ):  # type: ignore[attr-defined] # both have elements
        return list(zip(target.elts, value.elts, strict=True))  # type: ignore[attr-defined] # as above
    return [(target, value)]


def _own_expressions(node: ast.AST) -> Iterator[ast.AST]:
    """Walk the expressions of a statement itself, not those of the statements inside it, nor new scopes."""
    stack: list[ast.AST] = [
        child
        for child in ast.iter_child_nodes(node)
        if isinstance(child, (ast.expr, ast.withitem))
    ]
    while stack:
        child = stack.pop()
        yield child
        if not isinstance(child, (ast.Lambda, *COMPREHENSIONS)):
            stack += list(ast.iter_child_nodes(child))


def _kind_of(value: ast.AST) -> Kind:
    if isinstance(value, ast.Lambda):
        return "function"
    literal = (
        ast.Constant,
        ast.Tuple,
        ast.List,
        ast.Dict,
        ast.Set,
        ast.UnaryOp,
        ast.BinOp,
        ast.operator,
        ast.unaryop,
    )
    context = (ast.Load, ast.expr_context)
    return (
        "constant"
        if all(isinstance(node, (*literal, *context)) for node in ast.walk(value))
        else "computed"
    )


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """Give (local name, dotted origin) for each name that an import binds; the name is `*` for a star."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield (
                alias.asname or alias.name,
                f"{module}.{alias.name}" if module.strip(".") else module + alias.name,
            )
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            yield alias.name.partition(".")[0], alias.name.partition(".")[0]


def names_stored(target: ast.AST) -> Iterator[str]:
    """List the names that a target (or a pattern) binds."""
    for node in ast.walk(target):
        yield from stored_by(node)


def stored_by(node: ast.AST) -> Iterator[str]:
    """Give the name that this one node binds."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
