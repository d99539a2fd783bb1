"""What the cells define: what students write, what they are given, what the reference needs."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

from grader.authoring.starting.signature import parameters_of
from grader.authoring.takeover.markers import Code
from grader.errors import UsageError
from grader.model import Method, Target

_Definition: TypeAlias = ast.FunctionDef | ast.ClassDef
_LEFT_OUT = {
    "otter",
    "nose",
    "matplotlib",
    "IPython",
    "okpy",
    "client",
    "grader",
}
"""Libraries whose import means nothing for an exercise."""


class Item(
    msgspec.Struct,
    frozen=True,
    eq=False,
    kw_only=True,
):
    """One statement at the top of a cell."""

    node: ast.stmt
    text: str
    at: str
    """Its place, as an author knows it."""
    solution_lines: frozenset[int] = frozenset()
    """The lines of the cell that are the solution, as Python counts."""

    @property
    def is_solution(self) -> bool:
        """Whether a line of it is the solution."""
        last = self.node.end_lineno or self.node.lineno
        return any(
            self.node.lineno <= line <= last for line in self.solution_lines
        )

    def gives(
        self,
        node: ast.stmt,
    ) -> bool:
        """Return whether a statement inside it is given to students."""
        last = node.end_lineno or node.lineno
        return not self.solution_lines & set(range(node.lineno, last + 1))


class Defined(
    msgspec.Struct,
    frozen=True,
    eq=False,
    kw_only=True,
):
    """The definitions of a notebook."""

    targets: tuple[tuple[Target, Item], ...]
    needed: tuple[Item, ...]
    """Imports, constants, helpers and targets, in the order of the notebook."""
    imports: tuple[str, ...]
    left_out: tuple[str, ...]
    """Messages to the author about marked lines that are not functions."""


def parse_cells(
    path: Path, cells: Sequence[Code]
) -> tuple[list[tuple[Code, list[Item]]], list[str]]:
    """Parse each cell, and return its statements, and what could not be read.

    Raises `UsageError` for a cell with a solution in it that Python cannot read.
    """
    found, notes = [], []
    for code in cells:
        try:
            tree = ast.parse(code.source)
        except (SyntaxError, ValueError, RecursionError) as error:
            line = (getattr(error, "lineno", None) or 1) - 1
            line = (
                code.lines[min(line, len(code.lines) - 1)].number
                if code.lines
                else 0
            )
            where = code.cell.at(line)
            if code.has_solution:
                raise UsageError(
                    f"{path}: {where}: Python cannot read the solution: {error.args[0]}"
                ) from error
            notes.append(f"{where}: left out, since Python cannot read it")
            continue
        found.append((code, list(_items(code, tree))))
    return found, notes


def _items(
    code: Code,
    tree: ast.Module,
) -> Iterator[Item]:
    lines = code.source.splitlines()
    solution = frozenset(
        number
        for number, line in enumerate(
            code.lines,
            1,
        )
        if line.is_solution and line.text.strip()
    )
    for node in tree.body:
        first = min(
            [
                node.lineno,
                *(each.lineno for each in getattr(node, "decorator_list", [])),
            ]
        )
        last = node.end_lineno or node.lineno
        yield Item(
            node=node,
            text="\n".join(lines[first - 1 : last]),
            at=code.cell.at(code.lines[first - 1].number),
            solution_lines=solution,
        )


def definitions(
    path: Path,
    cells: Sequence[tuple[Code, Sequence[Item]]],
    wanted: Sequence[str],
) -> Defined:
    """Return what an exercise needs of the cells.

    `wanted` are the names that the author gave; without any, all functions and classes with a
    marked line in them are to be written. Raises `UsageError` if there is none.
    """
    items = [
        item
        for code, some in cells
        if not code.is_test and not code.is_prompt
        for item in some
    ]
    # The last definition of a name counts, as in a notebook that is run from the top.
    named = {
        item.node.name: item
        for item in items
        if isinstance(item.node, _Definition)
    }
    chosen = _chosen(path, named, wanted)
    targets = tuple((_target(path, item), item) for item in chosen.values())
    imports = [item for item in items if _is_import(item)]
    needed = _needed(items, named, chosen)
    return Defined(
        targets=targets,
        needed=tuple(needed),
        imports=tuple(_used_imports(imports, needed)),
        left_out=tuple(_left_out(items, needed)),
    )


def _chosen(
    path: Path, named: Mapping[str, Item], wanted: Sequence[str]
) -> dict[str, Item]:
    if wanted:
        for name in wanted:
            if name not in named:
                raise UsageError(
                    f"{path}: defines no {name} (--function); it defines: "
                    f"{', '.join(named) or 'nothing'}"
                )
        return {name: named[name] for name in wanted}
    marked = {name: item for name, item in named.items() if item.is_solution}
    public = {
        name: item for name, item in marked.items() if not name.startswith("_")
    }
    if public:
        return public
    raise UsageError(
        f"{path}: no function has a solution that is marked; put ### BEGIN SOLUTION and "
        "### END SOLUTION around what students write, or name it with --function"
    )


def _target(
    path: Path,
    item: Item,
) -> Target:
    node = item.node
    if isinstance(node, ast.ClassDef):
        methods = [
            each
            for each in node.body
            if isinstance(
                each,
                ast.FunctionDef,
            )
        ]
        init = [each for each in methods if each.name == "__init__"]
        return Target(
            name=node.name,
            is_class=True,
            parameters=parameters_of(init[0], f"{path}: {item.at}")
            if init
            else (),
            methods=tuple(
                Method(
                    name=each.name,
                    parameters=parameters_of(each, f"{path}: {item.at}"),
                )
                for each in methods
                if each.name != "__init__"
            ),
        )
    if not isinstance(node, ast.FunctionDef):
        raise TypeError(node)
    return Target(
        name=node.name,
        parameters=parameters_of(
            node,
            f"{path}: {item.at}",
        ),
    )


def _needed(
    items: Sequence[Item], named: Mapping[str, Item], chosen: Mapping[str, Item]
) -> list[Item]:
    """Return the targets and all that they use: helpers and constants, in their order."""
    by_name = {**_constants(items), **named}
    waiting, found = list(chosen), set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in by_name:
            continue
        found.add(name)
        waiting += _names_in(by_name[name].node)
    wanted = {id(by_name[name]) for name in found}
    return [item for item in items if id(item) in wanted]


def _constants(items: Sequence[Item]) -> dict[str, Item]:
    return {
        target.id: item
        for item in items
        if isinstance(item.node, ast.Assign)
        for target in item.node.targets
        if isinstance(target, ast.Name)
    }


def _names_in(node: ast.AST) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]


def _is_import(item: Item) -> bool:
    return isinstance(
        item.node,
        ast.Import | ast.ImportFrom,
    )


def _used_imports(
    imports: Sequence[Item], needed: Sequence[Item]
) -> Iterator[str]:
    """Yield the imports of which something is used; NumPy comes anyway."""
    used = {name for item in needed for name in _names_in(item.node)}
    seen = {"import numpy as np"}
    yield "import numpy as np"
    for item in imports:
        for name, text in _imported(item.node):
            if (name in used or name == "*") and text not in seen:
                seen.add(text)
                yield text


def _imported(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield each name that an import binds, and the import of that name alone."""
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            if (node.module or alias.name).partition(".")[0] not in _LEFT_OUT:
                alone = ast.ImportFrom(node.module, [alias], node.level)
                yield alias.asname or alias.name, ast.unparse(alone)
    elif isinstance(node, ast.Import):
        for alias in node.names:
            library = alias.name.partition(".")[0]
            if library not in _LEFT_OUT:
                yield alias.asname or library, ast.unparse(ast.Import([alias]))


def _left_out(
    items: Sequence[Item],
    needed: Sequence[Item],
) -> Iterator[str]:
    kept = {id(item) for item in needed}
    for item in items:
        if item.is_solution and id(item) not in kept and not _is_import(item):
            first = item.text.strip().splitlines()[0]
            yield (
                f"{item.at}: `{first}` is marked as solution but is not a function: left out; "
                "make it a function, if it is to be graded"
            )
