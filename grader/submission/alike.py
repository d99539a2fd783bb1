"""Which submissions are alike: digests of their code, without layout, comments and docstrings.

The tree is written out here and not by `ast.dump`, which gives up on deeply nested code and on long
numbers.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import EllipsisType
from typing import NamedTuple

from grader.model import Submission
from grader.submission.bindings import DEFINITIONS, imported, stored_by
from grader.submission.program import read_program

_NO_CODE = {
    "ctx",
    "type_comment",
    "kind",
    "type_ignores",
    "lineno",
    "end_lineno",
}
"""Fields of nodes that are not code."""
_NAME_FIELDS = {"id", "arg", "name", "asname", "names", "rest"}
"""Fields that may hold a name which the code binds."""
_NEVER_BINDS = (ast.expr, ast.expr_context, ast.operator)
_NAMED = (*DEFINITIONS, ast.ExceptHandler)
_IMPORTS = (ast.Import, ast.ImportFrom)
_Node, _NameNode, _Load = ast.AST, ast.Name, ast.Load


class _Field(NamedTuple):
    name: str
    special: bool
    """Whether `_value` must look at it."""


class _Kind(NamedTuple):
    """What is written of one kind of node."""

    name: str
    may_bind: bool
    fields: tuple[_Field, ...]
    """The fields that are code, the last first."""


def _kind(node_type: type[ast.AST]) -> _Kind:
    fields = []
    for name in reversed(node_type._fields):
        if name in _NO_CODE:
            continue
        named = name in _NAME_FIELDS and node_type is not ast.keyword
        fields.append(_Field(name, named or name == "body"))
    may_bind = not issubclass(node_type, _NEVER_BINDS)
    return _Kind(node_type.__name__, may_bind, tuple(fields))


_KINDS: dict[type, _Kind] = {
    value: _kind(value)
    for value in vars(ast).values()
    if isinstance(value, type) and issubclass(value, ast.AST)
}


def alike(submission: Submission) -> tuple[str, str] | None:
    """Return two digests, or None where there is nothing to compare.

    The first is equal for equal code. The second is equal for the same functions and classes,
    whatever names they bind and whatever stands around them: that is what two students share who
    share a solution.
    """
    if submission.fault is not None:
        return None
    program = read_program(submission.units)
    nodes: list[ast.AST] = []
    for _, tree in program.trees():
        nodes += [node for node in tree.body if not _is_text(node)]
    texts = []
    definitions = []
    for piece in _pieces(nodes):
        texts.append(_written(piece))
        if _is_definition(piece[0]):
            definitions.append(texts[-1])
    unread = "".join(
        "".join(unit.source.split()) for _, unit in program.problems()
    )
    whole = "\n".join(text.plain() for text in texts)
    return _digest(whole, unread), _digest(_renamed(definitions or texts), "")


def _pieces(nodes: Sequence[ast.AST]) -> Iterator[list[ast.AST]]:
    """Yield definitions one by one, and what stands between them in one piece.

    There may be thousands of statements, and each piece costs some time.
    """
    between: list[ast.AST] = []
    for node in nodes:
        if not _is_definition(node):
            between.append(node)
            continue
        if between:
            yield between
        yield [node]
        between = []
    if between:
        yield between


def same_code(one: ast.AST, other: ast.AST) -> bool:
    """Return whether two trees are the same code; the cost depends on `other` alone."""
    words = _written([other]).words
    return _written([one], len(words)).words == words


class _Text(NamedTuple):
    """A tree as words."""

    words: list[str]
    names: list[int]
    """Which of the words are names."""
    bound: list[str]
    """The names that the code binds, in order."""

    def plain(self) -> str:
        return "\n".join(self.words)


def _written(nodes: Sequence[ast.AST], most: int = sys.maxsize) -> _Text:
    """Write trees out in one walk, which stops soon after so many words.

    The commonest nodes come first, because every submission of a class passes here.
    """
    words: list[str] = []
    names: list[int] = []
    bound: list[str] = []
    stack: list[object] = list(reversed(nodes))
    while stack and len(words) <= most:
        item = stack.pop()
        if item is _End:
            words.append("]")
        elif isinstance(item, _NameNode):
            names.append(len(words) + 1)
            words += ("Name", item.id, "]")
            if not isinstance(item.ctx, _Load):
                bound.append(item.id)
        elif isinstance(item, _Node):
            kind = _KINDS[type(item)]
            words.append(kind.name)
            if kind.may_bind:
                bound += _bound(item)
            stack.append(_End)
            _push_fields(stack, item, kind.fields)
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


def _push_fields(
    stack: list[object], node: ast.AST, fields: tuple[_Field, ...]
) -> None:
    for name, special in fields:
        value = getattr(node, name, None)
        stack.append(_value(value, name) if special else value)


def _value(value: object, field: str) -> object:
    """Return the value of a field that holds statements or names."""
    if field == "body" and isinstance(value, list):
        # Docstrings, and strings used as comments, are left out.
        return [part for part in value if not _is_text(part)]
    if isinstance(value, str):
        return _Name(value)
    if isinstance(value, list):
        return [
            _Name(part) if isinstance(part, str) else part for part in value
        ]
    return value


def _bound(node: ast.AST) -> Iterable[str]:
    """Return the names that one node binds, which is not an expression."""
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, _NAMED):
        return (node.name,) if node.name else ()
    if isinstance(node, _IMPORTS):
        return [name for name, _ in imported(node)]
    return stored_by(node)


def _renamed(texts: Sequence[_Text]) -> str:
    """Write texts with a number for each name that the code binds."""
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
    """Marks where the fields of a node, or the items of a list, end."""


def statements(node: ast.AST) -> int:
    """Count the statements of a function's body without its texts; 1 for a lambda."""
    body = getattr(node, "body", [])
    if not isinstance(body, list):
        return 1
    return sum(not _is_text(part) for part in body)


def _is_definition(node: ast.AST) -> bool:
    return isinstance(node, DEFINITIONS)


def _is_text(node: object) -> bool:
    """Return whether a node is a docstring, or a string used as a comment."""
    if not isinstance(node, ast.Expr) or not isinstance(
        node.value, ast.Constant
    ):
        return False
    return isinstance(node.value.value, str)


def _constant(value: object) -> str:
    if isinstance(value, str):
        return f"str {value!r}"
    if isinstance(value, (bool, EllipsisType)) or value is None:
        return repr(value)
    if isinstance(value, int):
        # Hexadecimal: Python refuses to write an int of more than 4300 decimal digits.
        return f"int {value:x}"
    return f"{type(value).__name__} {value!r}"


def _digest(code: str, rest: str) -> str:
    data = f"{code}\0{rest}".encode("utf-8", "backslashreplace")
    return hashlib.sha256(data).hexdigest()
