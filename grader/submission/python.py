"""A .py file's bytes to units of source, or to the fault that shows in the text alone."""

import ast

import msgspec

from grader.model import Fault, Unit
from grader.submission.decoding import decode
from grader.submission.source import SOURCE_CAP, Parsed, Problem, parse_leniently, place


class Content(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What reading gave: units and their parses, a fault, notes, and the notebook where it is one."""

    units: tuple[Unit, ...] = ()
    parsed: tuple[tuple[int | None, Parsed], ...] = ()
    fault: Fault | None = None
    notes: tuple[str, ...] = ()
    notebook: object = None


def read_python(data: bytes) -> Content:
    """Read a .py file; total: every byte string gives a `Content`."""
    if not data.strip():
        return Content(
            fault=Fault(
                message="The file is empty. Hand in the file with your code; is it saved?"
            )
        )
    if len(data) > SOURCE_CAP:
        return Content(fault=too_big("file"))
    text = decode(data)
    if text.reason is not None:
        return Content(fault=Fault(message=text.reason))
    parsed = parse_leniently(text.source)
    notes = [text.note] if text.note is not None else []
    if parsed.magics:
        lines = ", ".join(map(str, parsed.magics[:5]))
        notes.append(
            f"Lines for IPython were left out, because this is a .py file: line {lines}."
        )
    return Content(
        units=(Unit(parsed.source),),
        parsed=((None, parsed),),
        fault=_fault(parsed, text.source),
        notes=tuple(notes),
    )


def too_big(what: str) -> Fault:
    """Say that there is more code than is read."""
    return Fault(
        message=f"The {what} has more than {SOURCE_CAP >> 10} KiB of code. Hand in only what you wrote."
    )


def syntax_fault(problem: Problem, cell: int | None) -> Fault:
    """Say in one line what Python cannot read, and where."""
    where = place(problem.line, cell)
    return Fault(message=f"{where}: {problem.text}.")


def holds_code(tree: ast.Module) -> bool:
    """Tell whether there is more than comments and a docstring."""
    return any(
        not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in tree.body
    )


def _fault(parsed: Parsed, source: str) -> Fault | None:
    if parsed.problem is not None:
        return syntax_fault(parsed.problem, None)
    if not source.strip():
        return Fault(
            message="The file is empty. Hand in the file with your code; is it saved?"
        )
    if parsed.tree is not None and not holds_code(parsed.tree):
        return Fault(message="The file has only comments, no code.")
    return None
