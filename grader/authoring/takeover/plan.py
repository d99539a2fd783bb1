"""From a marked notebook to a new exercise."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.authoring.starting.plans import Plan
from grader.authoring.starting.signature import signature
from grader.authoring.takeover.cells import Cell, read_cells
from grader.authoring.takeover.claims import Claim, Reader, Unread
from grader.authoring.takeover.definitions import (
    Defined,
    Item,
    definitions,
    parse_cells,
)
from grader.authoring.takeover.drawn import cases_text
from grader.authoring.takeover.examples import examples_of, made_up
from grader.authoring.takeover.markers import Code, read_code
from grader.authoring.takeover.stubs import keeps_given_lines, stub_of
from grader.model import Target
from grader.vocabulary import count

_CONFIGURATION = re.compile(
    r"^```\s*\n?\s*BEGIN .*?```\s*$|^\"\"\"\s*\n?\s*# (?:BEGIN|ASSIGNMENT).*?\"\"\"\s*$"
    r"|^<!--.*?-->\s*$",
    re.DOTALL | re.MULTILINE,
)


def plan_from_file(
    path: Path, name: str, title: str, functions: Sequence[str] = ()
) -> Plan:
    """Return the exercise that a notebook or a file holds.

    `functions` names what students write where nothing is marked, or where less is meant than is
    marked. Raises `UsageError`, in one line that names the file, the place and the fix.
    """
    cells = read_cells(path)
    parsed, notes = parse_cells(
        path,
        read_code(path, cells),
    )
    wanted = [each.partition("(")[0].strip() for each in functions]
    defined = definitions(path, parsed, wanted)
    targets = {target.name: target for target, _ in defined.targets}
    reference = _reference(defined)
    public, hidden, unread = _claims(parsed, targets)
    notes += [*defined.left_out, *unread]
    examples = list(examples_of(public, targets, reference, notes))
    if not examples:
        examples = list(made_up(targets, reference, notes))
    notes += [
        f"{item.at}: the lines of {target.name} that students were given are comments in the stub"
        for target, item in defined.targets
        if keeps_given_lines(item)
    ]
    return Plan(
        title=title,
        statement=_statement(title, cells, defined),
        stub=_stub(title, defined),
        reference=reference,
        cases=cases_text(targets, public, hidden),
        examples=tuple(examples),
        notes=(
            f"taken over from {path.name}: {_listed(targets)}, {count(len(examples), 'example')}",
            *(f"not taken over: {note}" for note in notes),
            "Hidden inputs are drawn like the examples: look at cases.py, and let it draw all that",
            "the statement promises. Then name the mistakes that you know, in misconceptions.py.",
            f"Try it: grader validate {name}",
        ),
    )


def _listed(targets: dict[str, Target]) -> str:
    return ", ".join(targets)


# ---- Statement, stub, reference


def _statement(
    title: str,
    cells: Sequence[Cell],
    defined: Defined,
) -> str:
    texts = ["\n".join(cell.lines) for cell in cells if cell.kind == "markdown"]
    parts = [_CONFIGURATION.sub("", text).strip() for text in texts]
    text = "\n\n".join(part for part in parts if part)
    if not re.search(
        r"^# ",
        text,
        re.MULTILINE,
    ):
        text = f"# {title}\n\n{text}"
    asked = [
        f"- `{signature(target.name, target.parameters)}`"
        + "".join(
            f", with `{signature(each.name, each.parameters)}`"
            for each in target.methods
        )
        for target, _ in defined.targets
    ]
    return "\n".join([text.strip(), "", "## What to write", "", *asked, ""])


def _stub(
    title: str,
    defined: Defined,
) -> str:
    written = {id(item) for _, item in defined.targets}
    blocks = [
        stub_of(item) if id(item) in written else item.text
        for item in defined.needed
        if id(item) in written or not item.is_solution
    ]
    head = f'"""Exercise {title}: write what raises NotImplementedError. See README.md."""'
    return (
        "\n\n\n".join([f"{head}\n\n" + "\n".join(defined.imports), *blocks])
        + "\n"
    )


def _reference(defined: Defined) -> str:
    blocks = [item.text for item in defined.needed]
    head = '"""The reference solution."""\n\n' + "\n".join(defined.imports)
    return "\n\n\n".join([head, *blocks]) + "\n"


# ---- Tests


def _claims(
    parsed: Sequence[tuple[Code, Sequence[Item]]], targets: dict[str, Target]
) -> tuple[list[Claim], list[Claim], list[str]]:
    """Return what public and hidden tests claim, and what could not be read."""
    public: list[Claim] = []
    hidden: list[Claim] = []
    unread: list[str] = []
    for code, items in parsed:
        for statement, found in _found(code, items, targets):
            if isinstance(found, Unread):
                line = code.lines[found.line - 1].number
                unread.append(f"{code.cell.at(line)}: {found.why}")
            elif _is_hidden(statement, code):
                hidden.append(found)
            else:
                public.append(found)
    return public, hidden, unread


def _found(
    code: Code, items: Sequence[Item], targets: dict[str, Target]
) -> Iterator[tuple[ast.stmt, Claim | Unread]]:
    """Yield what the tests of a cell claim, each with the statement that claims it."""
    reader = Reader(targets)
    for item in items:
        if _defines(item.node, targets) or item.is_solution:
            continue
        output = code.cell.output if item is items[-1] else None
        for found in reader.read([item.node], output):
            yield item.node, found


def _is_hidden(statement: ast.stmt, code: Code) -> bool:
    lines = range(statement.lineno, (statement.end_lineno or 0) + 1)
    return any(code.lines[line - 1].is_hidden for line in lines)


def _defines(
    node: ast.stmt,
    targets: dict[str, Target],
) -> bool:
    if isinstance(node, ast.FunctionDef):
        return not node.name.startswith("test") or node.name in targets
    return isinstance(
        node,
        ast.ClassDef | ast.Import | ast.ImportFrom,
    )
