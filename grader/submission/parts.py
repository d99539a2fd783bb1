"""A submission's file and the modules that were handed in with it, as programs that import others.

Names are followed from one to another as Python finds them: `from helpers import rows`,
`helpers.rows`, `from .helpers import *`, an `__init__.py` that passes on what it imports.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from grader.model import Module, Unit
from grader.submission.bindings import Binding
from grader.submission.budget import Budget, TooComplicated
from grader.submission.program import Program, program_of
from grader.submission.source import parse_units

_RUN = re.compile(r"%run[ \t]+(?:-\w[ \t]+)*(?:\./)?([\w/-]+)\.py")
_PACKAGE = "__init__"


class Part(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One file of a submission."""

    program: Program
    path: str = ""
    """Of a module, below the folder that Python looks for modules in; empty for the file."""

    @functools.cached_property
    def package(self) -> tuple[str, ...]:
        """The package that it is in, from which its relative imports start."""
        return tuple(self.path.split("/")[:-1])

    @functools.cached_property
    def stars(self) -> tuple[str, ...]:
        """What all names are taken from: `from helpers import *`, and `%run helpers.py`."""
        found = [
            (binding.origin or "").removesuffix("*").rstrip(".") or "."
            for binding in self.program.by_name.get("*", ())
        ]
        for _, parsed in self.program.units:
            found += [
                each.replace("/", ".") for each in _RUN.findall(parsed.source)
            ]
        return tuple(dict.fromkeys(found))

    def absolute(self, origin: str) -> tuple[str, ...]:
        """Return the pieces of a dotted origin without the dots that it may begin with."""
        name = origin.lstrip(".")
        dots = len(origin) - len(name)
        pieces = tuple(name.split(".")) if name else ()
        if not dots:
            return pieces
        return (*self.package[: len(self.package) - dots + 1], *pieces)


class Met(NamedTuple):
    """What a name stands for: the submission's own, or names of libraries."""

    own: list[tuple[Part, Binding]]
    foreign: list[str]
    """Dotted: `numpy.vectorize`."""


class Parts:
    """The file, and the modules beside it by their dotted names."""

    def __init__(self, program: Program, modules: Sequence[Module]) -> None:
        """Parse the modules; raises `TooComplicated` if together they are too much."""
        self.file = Part(program)
        self._modules = dict(_parsed(modules))

    def behind(self, origin: str, user: Part, budget: Budget) -> Met:
        """Return what a dotted name is that `user` imports: `helpers.rows`, `.utils.f`."""
        met = Met([], [])
        waiting = [(user.absolute(origin), user)]
        seen = set()
        while waiting:
            name, part = waiting.pop()
            budget.spend()
            if name in seen:
                continue
            seen.add(name)
            depth = self._module_of(name)
            if not depth:
                met.foreign.append(".".join(name))
                continue
            module = self._modules[".".join(name[:depth])]
            for found in self._in_module(module, name[depth:]):
                if isinstance(found, Binding):
                    met.own.append((module, found))
                else:
                    waiting.append((module.absolute(found), part))
        return met

    def starred(self, name: str, user: Part, budget: Budget) -> Met:
        """Return what a name is that nothing in `user` binds but a `from ... import *`."""
        met = Met([], [])
        for star in user.stars:
            if self._module_of(user.absolute(star)):
                found = self.behind(_dotted(star, name), user, budget)
                met.own.extend(found.own)
                met.foreign.extend(found.foreign)
        return met

    def _module_of(self, name: Sequence[str]) -> int:
        """Return how many pieces of a name are a module that was handed in: the most, or 0."""
        for depth in range(len(name), 0, -1):
            if ".".join(name[:depth]) in self._modules:
                return depth
        return 0

    def _in_module(
        self, module: Part, pieces: Sequence[str]
    ) -> Iterator[Binding | str]:
        """Yield the bindings of the first piece, and the names that they are imported from."""
        if not pieces:
            return
        name, *attributes = pieces
        bindings = module.program.by_name.get(name, ())
        for binding in bindings:
            if binding.kind == "import":
                yield ".".join((binding.origin or "", *attributes))
            else:
                yield binding
        for star in () if bindings else module.stars:
            yield _dotted(star, ".".join(pieces))


def _dotted(package: str, name: str) -> str:
    """Join a package, which may be only dots, with a name."""
    return f"{package}{name}" if package.endswith(".") else f"{package}.{name}"


def _parsed(modules: Sequence[Module]) -> Iterator[tuple[str, Part]]:
    units = [Unit(module.source) for module in modules]
    cells = parse_units(units) if units else ()
    if cells is None:
        raise TooComplicated
    for module, cell in zip(modules, cells, strict=True):
        *folders, name = module.path.removesuffix(".py").split("/")
        pieces = folders if name == _PACKAGE else [*folders, name]
        yield ".".join(pieces), Part(program_of((cell,)), module.path)
