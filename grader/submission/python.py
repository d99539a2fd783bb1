"""From the bytes of a .py file to units of source, or to a fault that the text alone shows."""

import ast

import msgspec

from grader.model import Fault, Unit
from grader.submission.budget import too_complicated
from grader.submission.decoding import decode
from grader.submission.program import EMPTY, Program, read_program
from grader.submission.source import SOURCE_CAP, Parsed
from grader.submission.syntax_errors import Problem
from grader.vocabulary import place_first

_EMPTY = Fault(
    message="The file is empty. Hand in the file with your code; is it saved?"
)
_COMMENTS = Fault(message="The file has only comments, no code.")
_LISTED = 5


class Content(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What was read: units and their program, a fault, notes, and the notebook if it is one."""

    units: tuple[Unit, ...] = ()
    program: Program = EMPTY
    fault: Fault | None = None
    notes: tuple[str, ...] = ()
    notebook: object = None


def read_python(data: bytes) -> Content:
    """Read a .py file. Total: every byte string gives a `Content`."""
    if len(data) > SOURCE_CAP:
        return Content(fault=too_big("file"))
    if not data.strip():
        return Content(fault=_EMPTY)
    text = decode(data)
    if text.reason is not None:
        return Content(fault=Fault(message=text.reason))
    program = read_program((Unit(text.source),))
    if not program.units:
        return Content(fault=too_complicated("file"))
    _, parsed = program.units[0]
    notes = []
    if text.note is not None:
        notes.append(text.note)
    if parsed.magics:
        noun = "line" if len(parsed.magics) == 1 else "lines"
        lines = ", ".join(map(str, parsed.magics[:_LISTED]))
        notes.append(
            f"Lines for IPython were left out, because this is a .py file: {noun} {lines}."
        )
    return Content(
        units=(Unit(parsed.source),),
        program=program,
        fault=_fault(parsed),
        notes=tuple(notes),
    )


def too_big(what: str) -> Fault:
    """Return the fault of a file or notebook with more code than is read."""
    size = f"more than {SOURCE_CAP >> 10} KiB of code"
    return Fault(message=f"The {what} has {size}. Hand in only what you wrote.")


def syntax_fault(problem: Problem, cell: int | None) -> Fault:
    """Return the fault of source that does not parse: where, and what is wrong there."""
    return Fault(message=f"{place_first(problem.line, cell)}: {problem.text}.")


def holds_code(tree: ast.Module) -> bool:
    """Return whether there is more in a tree than comments and texts."""
    return not all(_is_literal(node) for node in tree.body)


def _is_literal(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _fault(parsed: Parsed) -> Fault | None:
    if parsed.problem is not None:
        return syntax_fault(parsed.problem, None)
    if not parsed.source.strip():
        return _EMPTY
    if parsed.tree is not None and not holds_code(parsed.tree):
        return _COMMENTS
    return None
