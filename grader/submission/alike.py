"""Which submissions are alike: digests of the code, its layout, comments and docstrings aside. Pure and total.

The tree is written out here rather than by `ast.dump`, which gives up on deeply nested code and on long numbers.
"""

import ast
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from types import EllipsisType

from grader.model import Submission
from grader.submission.bindings import imported, names_stored
from grader.submission.program import Program, read_program

_NO_CODE = frozenset({"ctx", "type_comment", "kind", "type_ignores", "lineno", "end_lineno"})
_NAME_FIELDS = frozenset({"id", "arg", "name", "asname", "names", "rest"})


def alike(submission: Submission) -> tuple[str, str] | None:
    """Give two digests, or None where there is nothing to compare.

    The first is equal for the same code. The second is equal for the same functions and classes, whatever the names
    that they bind and whatever stands around them: what two students share who share a solution.
    """
    if submission.fault is not None:
        return None
    program = read_program(submission.units)
    trees = [tree for _, tree in program.trees()]
    definitions = [
        node for tree in trees for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]  # fmt: skip
    rest = "".join("".join(unit.source.split()) for _, unit in program.problems())
    nodes: Sequence[ast.AST] = definitions or trees
    return _digest(serial(trees), rest), _digest(serial(nodes, _numbered(nodes, program)), "")


def serial(nodes: Sequence[ast.AST], names: Mapping[str, str] | None = None) -> bytes:
    """Write trees out as bytes that are equal for the same code; names are replaced as `names` says."""
    names = names or {}
    pieces: list[str] = []
    stack: list[object] = list(reversed(nodes))
    while stack:
        item = stack.pop()
        if isinstance(item, ast.AST):
            pieces.append(type(item).__name__)
            stack.append(_End)
            stack += [part for field in reversed(item._fields) for part in _field(item, field, names)]
        elif isinstance(item, list):
            pieces.append("[")
            stack += [_End, *reversed(item)]
        else:
            pieces.append(_constant(item))
    return "\n".join(pieces).encode("utf-8", "backslashreplace")


class _End:
    """Marks where a node's fields or a list's items end."""


def _field(node: ast.AST, field: str, names: Mapping[str, str]) -> Iterator[object]:
    if field in _NO_CODE:
        return
    value = getattr(node, field, None)
    if field == "body" and isinstance(value, list):
        # Docstrings, and strings used as comments.
        value = [part for part in value if not _is_text(part)]
    elif field in _NAME_FIELDS and isinstance(value, str) and not isinstance(node, ast.keyword):
        value = names.get(value, value)
    yield value


def statements(node: ast.AST) -> int:
    """Count the statements of a function's body, texts (docstrings) left out; 1 for a lambda."""
    body = getattr(node, "body", [])
    return sum(not _is_text(part) for part in body) if isinstance(body, list) else 1


def _is_text(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _constant(value: object) -> str:
    if value is _End:
        return "]"
    if isinstance(value, bool) or value is None or isinstance(value, EllipsisType):
        return repr(value)
    # Hexadecimal: Python refuses to write an int of more than 4300 decimal digits.
    return f"int {value:x}" if isinstance(value, int) else f"{type(value).__name__} {value!r}"


def _numbered(nodes: Sequence[ast.AST], program: Program) -> dict[str, str]:
    """Give a number to each name that the code binds, in the order in which they come."""
    bound: dict[str, None] = {}
    for root in nodes:
        for node in ast.walk(root):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                bound |= dict.fromkeys(name for name, _ in imported(node))
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                bound[node.name] = None
            elif isinstance(node, ast.arg):
                bound[node.arg] = None
            elif isinstance(node, (ast.Name, ast.pattern)):
                bound |= dict.fromkeys(names_stored(node))
    outside = {name for name in program.by_name if name not in bound}
    return {name: f"#{number}" for number, name in enumerate(name for name in bound if name not in outside)}


def _digest(code: bytes, rest: str) -> str:
    return hashlib.sha256(code + b"\0" + rest.encode("utf-8", "backslashreplace")).hexdigest()
