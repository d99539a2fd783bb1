"""A submission as one program: the trees of its units, and what its top level binds."""

import ast
import bisect
import functools
import threading
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from grader.model import Unit
from grader.submission.bindings import Binding, top_level
from grader.submission.scope import FUNCTIONS, Function
from grader.submission.source import ORDINARY, Cells, Parsed, parse_units


class Program(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The units of a submission, parsed, and all top-level bindings in their order."""

    units: Cells
    """The parse of each unit, with its cell (None for a file)."""
    bindings: tuple[Binding, ...]

    def mentions(self, words: Iterable[str]) -> bool:
        """Return whether one of some words stands anywhere in the text."""
        texts = [parsed.source for _, parsed in self.units]
        return any(word in text for word in words for text in texts)

    @property
    def what(self) -> str:
        """What it was handed in as: a file or a notebook."""
        cells = [cell for cell, _ in self.units]
        return "file" if cells in ([], [None]) else "notebook"

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
        return {
            id(binding): index for index, binding in enumerate(self.bindings)
        }

    @functools.cached_property
    def _indices(self) -> dict[str, list[int]]:
        """The indices of the bindings of each name, in order."""
        indices: dict[str, list[int]] = {}
        for index, binding in enumerate(self.bindings):
            indices.setdefault(binding.name, []).append(index)
        return indices

    def met_by(self, name: str, user: Binding) -> Sequence[Binding]:
        """Return what a name may be bound to when `user` loads it.

        A function runs later, so it meets what is bound at the end. An expression meets what is
        bound there and then.
        """
        if user.kind in {"function", "class"}:
            return self.by_name.get(name, ())
        indices = self._indices.get(name, [])
        end = bisect.bisect_left(indices, self._index_of[id(user)])
        found: list[Binding] = []
        while end and not (found and _hides(found[-1])):
            end -= 1
            found.append(self.bindings[indices[end]])
        found.reverse()
        return found

    def last(self, name: str) -> Binding | None:
        """Return the last binding of a name in the text: the one that counts."""
        bindings = self.by_name.get(name, ())
        return bindings[-1] if bindings else None

    def own(self, name: str) -> Binding | None:
        """Return the last `def` or lambda of this name, whatever hides it later."""
        indices = self._indices.get(name, [])
        for index in reversed(indices):
            if self.bindings[index].kind == "function":
                return self.bindings[index]
        return None

    def graded(self, name: str) -> tuple[Binding, Function] | None:
        """Return the function that is graded: the one of this name, or else the one that it hides.

        A later line may have taken the name for something else, such as a library's function.
        """
        found = self.function(name)
        own = self.own(name)
        if found is not None or own is None:
            return found
        return (own, own.node) if isinstance(own.node, FUNCTIONS) else None

    def function(self, name: str) -> tuple[Binding, Function] | None:
        """Return the function or lambda that a name stands for at the end, with its binding.

        Aliases are followed: after `convolve = conv` it is the definition of `conv`.
        """
        path: list[str] = []
        known = self._functions
        while name not in known:
            # A circle of aliases ends at the None that is written here.
            known[name] = None
            path.append(name)
            binding = self.last(name)
            if binding is None:
                break
            if isinstance(binding.node, FUNCTIONS):
                known[name] = (binding, binding.node)
            elif isinstance(binding.node, ast.Name):
                name = binding.node.id
            else:
                break
        found = known[name]
        known.update(dict.fromkeys(path, found))
        return found

    @functools.cached_property
    def _functions(self) -> dict[str, tuple[Binding, Function] | None]:
        """The functions of names that were asked for."""
        return {}

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


EMPTY = Program((), ())


def read_program(units: Sequence[Unit], *, limited: bool = True) -> Program:
    """Parse the units of a submission; if they are too complicated to analyse, it has no units.

    The last program of each thread is kept, because the rules, the facts and the diagnosis ask for
    the same one, and other threads read theirs in between. `limited` is false in a student's own
    notebook, where the work is at the student's own cost.
    """
    wanted, thread = tuple(units), threading.get_ident()
    known, program = _kept.take(thread)
    if known != wanted:
        # Let go of the old tree before the next one is made.
        program = EMPTY
        program = program_of(parse_units(wanted, limited=limited) or ())
    _kept.put(thread, wanted, program)
    return program


_Read = tuple[tuple[Unit, ...], Program]


class _Kept:
    """The program that each thread read last, the newest at the end.

    A thread never gets another one's, since a program notes what it was asked for. All together
    they are no more than one file may be that is cheap to parse, but for the newest, because a tree
    may take 100 MB.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._programs: dict[int, _Read] = {}

    def take(self, thread: int) -> _Read:
        """Return the program of a thread, which is not kept any more."""
        with self._lock:
            return self._programs.pop(thread, ((), EMPTY))

    def put(
        self, thread: int, units: tuple[Unit, ...], program: Program
    ) -> None:
        """Keep the program of a thread, and let go of the oldest ones that are too much now."""
        with self._lock:
            self._programs[thread] = units, program
            left = ORDINARY
            for each, (theirs, _) in reversed(tuple(self._programs.items())):
                left -= sum(len(unit.source) for unit in theirs)
                if left < 0 and each != thread:
                    del self._programs[each]


_kept = _Kept()


def program_of(parsed: Cells) -> Program:
    """Return the program of units that are parsed already."""
    bindings: list[Binding] = []
    for cell, unit in parsed:
        if unit.tree is not None:
            bindings += top_level(unit.tree, cell)
    return Program(parsed, tuple(bindings))
