"""A submission as one program: the trees of its units, and what its top level binds. Pure and total."""

import ast
import bisect
import difflib
import functools
from collections.abc import Iterator, Sequence

import msgspec

from grader.model import Unit
from grader.submission.bindings import Binding, top_level
from grader.submission.scope import Function, Use
from grader.submission.source import Parsed, parse_cell, parse_leniently

_NAMES_CAP = 2000
_KEPT = 1
"""The tree of the worst source takes half a gigabyte, and whoever asks for it asks for one at a time."""


class Program(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The units of a submission, parsed, and all top-level bindings in their order."""

    units: tuple[tuple[int | None, Parsed], ...]
    """Cell (None for a file) and its parse."""
    bindings: tuple[Binding, ...]

    @functools.cached_property
    def by_name(self) -> dict[str, tuple[Binding, ...]]:
        """The bindings of each name that may be the one in force at the end."""
        found: dict[str, list[Binding]] = {}
        for binding in self.bindings:
            if _hides(binding):
                found[binding.name] = []
            found.setdefault(binding.name, []).append(binding)
        return {name: tuple(same) for name, same in found.items()}

    @functools.cached_property
    def _positions(self) -> tuple[dict[int, int], dict[str, list[int]]]:
        positions: dict[str, list[int]] = {}
        for index, binding in enumerate(self.bindings):
            positions.setdefault(binding.name, []).append(index)
        return {
            id(binding): index for index, binding in enumerate(self.bindings)
        }, positions

    def met_by(self, use: Use, user: Binding) -> tuple[Binding, ...]:
        """Give what a name may be bound to where `user` loads it.

        That is: at the end, where it is a function, which runs later; there and then, where it is
        an expression.
        """
        if user.kind in {"function", "class"}:
            return self.by_name.get(use.name, ())
        index_of, positions = self._positions
        same = positions.get(use.name, [])
        found = []
        for index in reversed(same[: bisect.bisect_left(same, index_of[id(user)])]):
            found.append(self.bindings[index])
            if _hides(self.bindings[index]):
                break
        return tuple(reversed(found))

    def last(self, name: str) -> Binding | None:
        """Give the last binding of a name in the text: the one that counts."""
        bindings = self.by_name.get(name, ())
        return bindings[-1] if bindings else None

    def problems(self) -> Iterator[tuple[int | None, Parsed]]:
        """Give the units that do not parse."""
        return ((cell, parsed) for cell, parsed in self.units if parsed.tree is None)

    def trees(self) -> Iterator[tuple[int | None, ast.Module]]:
        """Give the units that parse."""
        return (
            (cell, parsed.tree)
            for cell, parsed in self.units
            if parsed.tree is not None
        )


def _hides(binding: Binding) -> bool:
    """Tell whether what was bound before is gone: what is bound in an `if` or a `try` may not be."""
    return binding.always and not isinstance(binding.node, ast.AugAssign)


def read_program(units: Sequence[Unit]) -> Program:
    """Parse the units of a submission; the last few are kept, since the rules, the facts and the diagnosis all ask."""
    return _read_program(tuple(units))


@functools.lru_cache(_KEPT)
def _read_program(units: tuple[Unit, ...]) -> Program:
    size = sum(len(unit.source) for unit in units)
    return program_of(
        [
            (
                unit.cell,
                (parse_leniently if unit.cell is None else parse_cell)(
                    unit.source, size
                ),
            )
            for unit in units
        ]
    )


def program_of(parsed: Sequence[tuple[int | None, Parsed]]) -> Program:
    """Make a program of units that are parsed already."""
    bindings = [
        binding
        for cell, unit in parsed
        if unit.tree is not None
        for binding in top_level(unit.tree, cell)
    ]
    return Program(tuple(parsed), tuple(bindings))


def function_node(program: Program, name: str) -> tuple[Binding, Function] | None:
    """Find the definition (or lambda) that a name is bound to at the end, through aliases (`convolve = conv`)."""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        binding = program.last(name)
        if binding is None:
            return None
        if isinstance(
            binding.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        ):
            return binding, binding.node
        if not isinstance(binding.node, ast.Name):
            return None
        name = binding.node.id
    return None


def close_to(word: str, names: Sequence[str]) -> str | None:
    """Give the name that was probably meant: equal but for its case, else the closest."""
    names = list(dict.fromkeys(names))[:_NAMES_CAP]
    same = [name for name in names if name.lower() == word.lower() and name != word]
    return (
        same[0]
        if same
        else next(
            iter(difflib.get_close_matches(word[:100], names, n=1, cutoff=0.75)), None
        )
    )


def origin_of(use: Use, binding: Binding) -> str | None:
    """Give the dotted origin of a use of an imported name: `ss.convolve2d` is `scipy.signal.convolve2d`."""
    return (
        None if binding.origin is None else ".".join((binding.origin, *use.attributes))
    )
