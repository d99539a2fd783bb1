"""A submission as one program: the trees of its units, and what its top level binds."""

import ast
import bisect
import functools
from collections.abc import Iterator, Sequence

import msgspec

from grader.model import Unit
from grader.submission.bindings import Binding, top_level
from grader.submission.scope import FUNCTIONS, Function, Use
from grader.submission.source import Parsed, parse_cell, parse_leniently

_NAMES_CAP = 2000
_WORD_CAP = 100
_SIMILAR = 0.75
_KEPT = 1
"""Programs that are kept: one, because the tree of the worst source takes half a gigabyte."""


class Program(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The units of a submission, parsed, and all top-level bindings in their order."""

    units: tuple[tuple[int | None, Parsed], ...]
    """The parse of each unit, with its cell (None for a file)."""
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
    def _index_of(self) -> dict[int, int]:
        """The index of each binding, by identity."""
        return {id(binding): index for index, binding in enumerate(self.bindings)}

    @functools.cached_property
    def _indices(self) -> dict[str, list[int]]:
        """The indices of the bindings of each name, in order."""
        indices: dict[str, list[int]] = {}
        for index, binding in enumerate(self.bindings):
            indices.setdefault(binding.name, []).append(index)
        return indices

    def met_by(self, use: Use, user: Binding) -> tuple[Binding, ...]:
        """Return what a name may be bound to when `user` loads it.

        A function runs later, so it meets what is bound at the end. An expression meets what is
        bound there and then.
        """
        if user.kind in {"function", "class"}:
            return self.by_name.get(use.name, ())
        indices = self._indices.get(use.name, [])
        found = []
        for at in reversed(
            range(bisect.bisect_left(indices, self._index_of[id(user)]))
        ):
            binding = self.bindings[indices[at]]
            found.append(binding)
            if _hides(binding):
                break
        return tuple(reversed(found))

    def last(self, name: str) -> Binding | None:
        """Return the last binding of a name in the text: the one that counts."""
        bindings = self.by_name.get(name, ())
        return bindings[-1] if bindings else None

    def problems(self) -> Iterator[tuple[int | None, Parsed]]:
        """Yield the units that do not parse, each with its cell."""
        for cell, parsed in self.units:
            if parsed.tree is None:
                yield cell, parsed

    def trees(self) -> Iterator[tuple[int | None, ast.Module]]:
        """Yield the trees of the units that parse, each with its cell."""
        for cell, parsed in self.units:
            if parsed.tree is not None:
                yield cell, parsed.tree


def _hides(binding: Binding) -> bool:
    """Return whether the name's earlier bindings are gone.

    What is bound in an `if` or a `try` may not be, so it hides nothing.
    """
    return binding.always and not isinstance(binding.node, ast.AugAssign)


def read_program(units: Sequence[Unit]) -> Program:
    """Parse the units of a submission.

    The last program is kept, because the facts and the diagnosis ask for the same one.
    """
    return _read_program(tuple(units))


@functools.lru_cache(_KEPT)
def _read_program(units: tuple[Unit, ...]) -> Program:
    total = sum(len(unit.source) for unit in units)
    parsed = []
    for unit in units:
        read = parse_leniently if unit.cell is None else parse_cell
        parsed.append((unit.cell, read(unit.source, total)))
    return program_of(parsed)


def program_of(parsed: Sequence[tuple[int | None, Parsed]]) -> Program:
    """Return the program of units that are parsed already."""
    bindings: list[Binding] = []
    for cell, unit in parsed:
        if unit.tree is not None:
            bindings += top_level(unit.tree, cell)
    return Program(tuple(parsed), tuple(bindings))


def function_node(program: Program, name: str) -> tuple[Binding, Function] | None:
    """Return the function or lambda that a name stands for at the end, with its binding.

    Aliases are followed: after `convolve = conv` it is the definition of `conv`.
    """
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        binding = program.last(name)
        if binding is None:
            return None
        if isinstance(binding.node, FUNCTIONS):
            return binding, binding.node
        if not isinstance(binding.node, ast.Name):
            return None
        name = binding.node.id
    return None


def close_to(word: str, names: Sequence[str]) -> str | None:
    """Return the name that was probably meant: equal except for its case, else the closest."""
    candidates = list(dict.fromkeys(names))[:_NAMES_CAP]
    for name in candidates:
        if name.lower() == word.lower() and name != word:
            return name
    import difflib  # only a fault needs it

    closest = difflib.get_close_matches(
        word[:_WORD_CAP], candidates, n=1, cutoff=_SIMILAR
    )
    return closest[0] if closest else None


def origin_of(use: Use, binding: Binding) -> str | None:
    """Return the dotted origin of a use: `ss.convolve2d` is `scipy.signal.convolve2d`."""
    if binding.origin is None:
        return None
    return ".".join((binding.origin, *use.attributes))
