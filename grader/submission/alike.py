"""Which submissions are alike: digests of the code, its layout, comments and docstrings aside. Pure and total.

The tree is written out here rather than by `ast.dump`, which gives up on deeply nested code and on
long numbers.
"""

import ast
import hashlib
from collections.abc import Iterable, Sequence
from types import EllipsisType
from typing import NamedTuple

from grader.model import Submission
from grader.submission.bindings import imported, stored_by
from grader.submission.program import read_program

_NO_CODE = frozenset(
    {"ctx", "type_comment", "kind", "type_ignores", "lineno", "end_lineno"}
)
_Node, _NameNode, _Load = ast.AST, ast.Name, ast.Load
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NAME_FIELDS = frozenset({"id", "arg", "name", "asname", "names", "rest"})
_KINDS: dict[type, tuple[str, bool, tuple[tuple[str, bool], ...]]] = {
    kind: (
        kind.__name__,
        not issubclass(kind, (ast.expr, ast.expr_context, ast.operator)),
        tuple(
            (
                field,
                field == "body" or (field in _NAME_FIELDS and kind is not ast.keyword),
            )
            for field in reversed(kind._fields)
            if field not in _NO_CODE
        ),
    )
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""Of each kind of node: its name, whether it may bind, and its fields that are code, the last first.

Each field comes with whether `_value` must look at it.
"""


def alike(submission: Submission) -> tuple[str, str] | None:
    """Give two digests, or None where there is nothing to compare.

    The first is equal for the same code. The second is equal for the same functions and classes,
    whatever the names that they bind and whatever stands around them: what two students share who
    share a solution.
    """
    if submission.fault is not None:
        return None
    program = read_program(submission.units)
    nodes = [
        node for _, tree in program.trees() for node in tree.body if not _is_text(node)
    ]
    texts = [_written([node]) for node in nodes]
    definitions = [
        text
        for node, text in zip(nodes, texts, strict=True)
        if isinstance(node, _DEFINITIONS)
    ]
    rest = "".join("".join(unit.source.split()) for _, unit in program.problems())
    whole = "\n".join(text.plain() for text in texts)
    return _digest(whole, rest), _digest(_renamed(definitions or texts), "")


def serial(nodes: Sequence[ast.AST]) -> str:
    """Write trees out as text that is equal for the same code."""
    return _written(nodes).plain()


class _Text(NamedTuple):
    """A tree as words."""

    words: list[str]
    names: list[int]
    """Which of the words are names."""
    bound: list[str]
    """The names that the code binds, in the order in which they come."""

    def plain(self) -> str:
        return "\n".join(self.words)


def _written(nodes: Sequence[ast.AST]) -> _Text:
    """Write trees out; one walk, with the commonest nodes first, since every submission of a class passes here."""
    words: list[str] = []
    names: list[int] = []
    bound: list[str] = []
    stack: list[object] = list(reversed(nodes))
    while stack:
        item = stack.pop()
        if item is _End:
            words.append("]")
        elif isinstance(item, _NameNode):
            names.append(len(words) + 1)
            words += ("Name", item.id, "]")
            if not isinstance(item.ctx, _Load):
                bound.append(item.id)
        elif isinstance(item, _Node):
            name, binds, fields = _KINDS[type(item)]
            words.append(name)
            stack.append(_End)
            if binds:
                bound += _bound(item)
            for field, special in fields:
                stack.append(
                    _value(item, field) if special else getattr(item, field, None)
                )
        elif isinstance(item, list):
            words.append("[")
            stack.append(_End)
            stack += reversed(item)
        elif isinstance(item, _Name):
            names.append(len(words))
            words.append(item.text)
        else:
            words.append(_constant(item))
    return _Text(words, names, bound)


def _value(node: ast.AST, field: str) -> object:
    """Give a field that holds statements or names."""
    value = getattr(node, field, None)
    if field == "body" and isinstance(value, list):
        # Docstrings, and strings used as comments.
        return [part for part in value if not _is_text(part)]
    if isinstance(value, str):
        return _Name(value)
    if isinstance(value, list):
        return [_Name(part) if isinstance(part, str) else part for part in value]
    return value


def _bound(node: ast.AST) -> Iterable[str]:
    """Give the names that one node binds, which is no expression."""
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, (*_DEFINITIONS, ast.ExceptHandler)):
        return (node.name,) if node.name else ()
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [name for name, _ in imported(node)]
    return stored_by(node)


def _renamed(texts: Sequence[_Text]) -> str:
    """Put a number for each name that the code binds."""
    numbers: dict[str, str] = {}
    for text in texts:
        for name in text.bound:
            numbers.setdefault(name, f"#{len(numbers)}")
    pieces = []
    for text in texts:
        words = text.words.copy()
        for at in text.names:
            words[at] = numbers.get(words[at], words[at])
        pieces += words
    return "\n".join(pieces)


class _Name(NamedTuple):
    """A word that may be a name which the code binds."""

    text: str


class _End:
    """Marks where a node's fields or a list's items end."""


def statements(node: ast.AST) -> int:
    """Count the statements of a function's body, texts (docstrings) left out; 1 for a lambda."""
    body = getattr(node, "body", [])
    return sum(not _is_text(part) for part in body) if isinstance(body, list) else 1


def _is_text(node: object) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _constant(value: object) -> str:
    if isinstance(value, str):
        return f"str {value!r}"
    if isinstance(value, bool) or value is None or isinstance(value, EllipsisType):
        return repr(value)
    # Hexadecimal: Python refuses to write an int of more than 4300 decimal digits.
    return (
        f"int {value:x}"
        if isinstance(value, int)
        else f"{type(value).__name__} {value!r}"
    )


def _digest(code: str, rest: str) -> str:
    return hashlib.sha256(
        f"{code}\0{rest}".encode("utf-8", "backslashreplace")
    ).hexdigest()
