"""Names that an author has written and that nothing reads: a hint that never comes, a lost case."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from grader.diagnose.load import FILE
from grader.exercise.files import label, read_text
from grader.model import Exercise, Solutions
from grader.strict import did_you_mean

_CHECKS: Final = "check.py"
_TABLES: Final = {
    FILE: (
        *("ANSWERS", "WHOLE", "SHAPING", "NUMBERS", "VALUES", "FACTOR"),
        *("SIGNS", "EFFECTS", "SUPPORT"),
    ),
    "cases.py": ("POINTS", "TOLERANCE", "FEW_INPUTS"),
}
"""The tables that each file may define."""


def name_faults(
    exercise: Exercise,
    solutions: Solutions,
) -> Iterator[str]:
    """Yield the names of the hidden half's files that are in no list, each with its line."""
    for name, known in _TABLES.items():
        path = solutions.folder / name
        if path.is_file():
            yield from _defined_twice(path)
            yield from _table_faults(path, known)
    if (solutions.folder / _CHECKS).is_file():
        yield from _defined_twice(solutions.folder / _CHECKS)
    yield from _check_faults(exercise, solutions)


def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(read_text(path, []))
    except (SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])


def _defined_twice(path: Path) -> Iterator[str]:
    """Yield functions that a later one of the same name replaces: nobody runs the first."""
    first: dict[str, int] = {}
    for node in _tree(path).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if node.name in first:
            yield (
                f"{label(path)}, line {node.lineno}: {node.name} is defined twice, first in line "
                f"{first[node.name]}; give one of them another name, or remove it"
            )
        first.setdefault(node.name, node.lineno)


def _table_faults(
    path: Path,
    known: Collection[str],
) -> Iterator[str]:
    """Yield names that are nearly those of a table, and functions that no table has."""
    tree = _tree(path)
    assigned = {
        target.id: node.lineno
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in _targets(node)
        if isinstance(target, ast.Name)
    }
    used = _used(tree)
    for name, line in assigned.items():
        close = did_you_mean(
            name.upper(),
            sorted(set(known) - set(assigned)),
        )
        if name not in known and name not in used and close:
            yield f"{label(path)}, line {line}: {name} is a name that nothing reads{close}"
    if path.name == FILE:
        yield from _unlisted(path, tree, used)


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return (
        node.targets
        if isinstance(
            node,
            ast.Assign,
        )
        else [node.target]
    )


def _used(tree: ast.Module) -> set[str]:
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(
            node,
            ast.Name,
        )
        and isinstance(node.ctx, ast.Load)
    }


def _unlisted(
    path: Path,
    tree: ast.Module,
    used: set[str],
) -> Iterator[str]:
    # These the grader calls by their names.
    called = {"start", "finish", "shape", "blank"}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_") or node.name in used | called:
            continue
        yield (
            f"{label(path)}, line {node.lineno}: {node.name} is in no list, so nobody is told of "
            "it: add it to ANSWERS or WHOLE, or begin its name with _"
        )


def _check_faults(
    exercise: Exercise,
    solutions: Solutions,
) -> Iterator[str]:
    """Yield properties whose name is nearly that of a function or a case: a check was meant."""
    known = [target.name for target in exercise.targets]
    if solutions.script is not None:
        known += [case.name for case in solutions.script.cases]
    path = solutions.folder / _CHECKS
    lines = {
        node.name: node.lineno
        for node in (_tree(path).body if path.is_file() else ())
        if isinstance(node, ast.FunctionDef)
    }
    for name in solutions.checks:
        close = did_you_mean(name, known) if name not in known else ""
        doc = getattr(solutions.checks[name], "__doc__", None)
        if close and not doc:
            yield (
                f"{label(path)}, line {lines.get(name, 1)}: {name} is neither a function of the "
                f"stub nor a case{close} A property needs a docstring, which is its hint"
            )
