"""The ways of computing that an exercise rules out or asks for: loops, and names such as `np.dot`.

Only the text is looked at: what the functions and classes that are asked for do, and what of the
submission's own they reach through the names that they load, in the modules that were handed in
with the file, too. A loop somewhere else breaks no rule.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from grader.model import Exercise, Fault, Module, Rules
from grader.submission.bindings import COMPREHENSIONS, Binding, imported
from grader.submission.budget import (
    RULES_STEPS,
    Budget,
    TooComplicated,
    too_complicated,
)
from grader.submission.nodes import walk
from grader.submission.parts import Part, Parts
from grader.submission.program import Program
from grader.submission.scope import BUILTINS, Use, scan
from grader.untrusted import file_name, quoted
from grader.vocabulary import place, place_first

LOOPS: Final = "loops"
"""The misconception of a student who loops where NumPy should."""

_STATEMENTS: Final[dict[type, str]] = {
    ast.For: "for",
    ast.AsyncFor: "for",
    ast.While: "while",
    **dict.fromkeys(COMPREHENSIONS, "a comprehension"),
    ast.GeneratorExp: "a generator expression",
}
_DISGUISED: Final = {
    "builtins.map": "map",
    "builtins.filter": "filter",
    "functools.reduce": "reduce",
    "itertools.starmap": "starmap",
    "itertools.accumulate": "accumulate",
    "numpy.vectorize": "np.vectorize",
    "numpy.frompyfunc": "np.frompyfunc",
    "numpy.apply_along_axis": "np.apply_along_axis",
    "numpy.apply_over_axes": "np.apply_over_axes",
    "numpy.nditer": "np.nditer",
}
"""What calls a Python function for one value, or one row, after the other."""
_IN_TEXT: Final = ("builtins.exec", "builtins.eval")
"""What runs code that stands in a text, where no loop can be seen."""
_CODE: Final = frozenset({"function", "class"})
_NO_LOOPS = "Let NumPy compute with whole arrays instead."
_WRITTEN_OUT = (
    "Loops are against the rules here, and in a text they cannot be seen."
)
_OWN_WAY = "This exercise asks you to compute that yourself."


class _Found(msgspec.Struct, frozen=True):
    """A construct or a name in the code that is reached."""

    what: str
    user: str
    """The top-level name whose code it is in."""
    line: int
    cell: int | None
    path: str = ""
    """Of the module that it is in; empty for the file."""


def way_fault(
    program: Program, exercise: Exercise, modules: Sequence[Module] = ()
) -> Fault | None:
    """Return why the way in which a submission computes is against the rules, or None."""
    rules = exercise.rules
    if rules.loops and not rules.required and not rules.dotted:
        return None
    names = [target.name for target in exercise.targets]
    if not any(name in program.by_name for name in names):
        return None  # running it will report that
    try:
        return _fault(Parts(program, modules), names, rules)
    except TooComplicated:
        return too_complicated(program.what)


def _fault(parts: Parts, names: Sequence[str], rules: Rules) -> Fault | None:
    reach = _Reach(parts, names)
    if not rules.loops:
        loop = _first(reach.loops())
        if loop is not None:
            said = f"{_subject(loop, names)} a loop ({loop.what})"
            return _told(loop, f"{said}. {_NO_LOOPS}", LOOPS)
    used = list(reach.used())
    hidden = None if rules.loops else _first_of(used, _IN_TEXT)
    if hidden is not None:
        name = hidden.what.partition(".")[2]
        return _told(
            hidden, f"{_subject(hidden, names)} {name}. {_WRITTEN_OUT}"
        )
    against = _first_of(used, rules.dotted)
    if against is not None:
        said = f"{_subject(against, names)} {quoted(against.what)}"
        return _told(against, f"{said}. {_OWN_WAY}")
    for wanted in rules.required:
        if not any(_is_one_of(each.what, [wanted]) for each in used):
            who = " and ".join(names)
            return Fault(
                message=f"This exercise asks for {wanted}, and {who} does not use it."
            )
    return None


def _subject(found: _Found, names: Sequence[str]) -> str:
    if found.user in names:
        return f"{found.user} uses"
    return f"{quoted(found.user)}, which {names[0]} uses, uses"


def _told(found: _Found, said: str, misconception: str | None = None) -> Fault:
    where = place_first(found.line, found.cell)
    if found.path:
        where = f"{file_name(found.path)}, {place(found.line)}"
    return Fault(message=f"{where}: {said}", misconception=misconception)


def _first(found: Iterable[_Found]) -> _Found | None:
    return next(iter(found), None)


def _first_of(used: Iterable[_Found], names: Sequence[str]) -> _Found | None:
    return _first(each for each in used if _is_one_of(each.what, names))


def _is_one_of(origin: str, names: Iterable[str]) -> bool:
    return any(
        origin == name or origin.startswith(f"{name}.") for name in names
    )


class _Reach:
    """What of a submission's own the functions that are asked for reach, breadth first."""

    def __init__(self, parts: Parts, names: Sequence[str]) -> None:
        self._parts = parts
        self._budget = Budget(RULES_STEPS)
        self._queue: list[tuple[Part, Binding]] = []
        self._seen: set[int] = set()
        for name in names:
            for binding in parts.file.program.by_name.get(name, ()):
                self._meet(parts.file, binding)
        self._used = {
            id(binding): list(self._names_in(part, binding))
            for part, binding in self._queue
        }
        """The names of libraries in the code of each binding, by identity."""

    def _meet(
        self, part: Part, binding: Binding, attributes: Sequence[str] = ()
    ) -> Iterator[str]:
        """Queue what a binding stands for; return the names of libraries that it may be."""
        if binding.kind == "import":
            origin = ".".join((binding.origin or "", *attributes))
            return self._import(part, origin)
        if binding.kind != "deleted" and id(binding.node) not in self._seen:
            self._seen.add(id(binding.node))
            self._queue.append((part, binding))
        return iter(())

    def _import(self, part: Part, origin: str) -> Iterator[str]:
        met = self._parts.behind(origin, part, self._budget)
        for module, binding in met.own:
            self._meet(module, binding)
        return iter(met.foreign)

    def _names_in(self, part: Part, binding: Binding) -> Iterator[_Found]:
        """Yield the names of libraries in the code of a binding, and queue what is its own."""

        def found(what: str, line: int) -> _Found:
            return _Found(what, binding.name, line, binding.cell, part.path)

        for use in scan(binding.node, self._budget).uses:
            for what in self._behind(use, part, binding):
                yield found(what, use.line)
        for origin, line in self._through_local_imports(binding.node):
            for what in self._import(part, origin):
                yield found(what, line)

    def _behind(self, use: Use, part: Part, user: Binding) -> Iterator[str]:
        """Yield the names of libraries that a name may stand for."""
        met = part.program.met_by(use.name, user)
        self._budget.spend(len(met))
        for binding in met:
            yield from self._meet(part, binding, use.attributes)
        if not met:
            yield from self._unbound(use, part)

    def _unbound(self, use: Use, part: Part) -> Iterator[str]:
        """Yield the names of libraries of what only a `from ... import *` explains, or nothing."""
        met = self._parts.starred(use.name, part, self._budget)
        for module, binding in met.own:
            self._meet(module, binding)
        names = met.foreign
        if not met.own and not names:
            numpy = "numpy" in part.stars and use.name not in BUILTINS
            names = [f"{'numpy' if numpy else 'builtins'}.{use.name}"]
        for name in names:
            yield ".".join((name, *use.attributes))

    def loops(self) -> Iterator[_Found]:
        """Yield the loops, those of each function in their order."""
        for part, binding in self._queue:
            found = [
                *self._statements(part, binding),
                *self._disguised(binding),
            ]
            yield from sorted(found, key=lambda one: one.line)

    def _statements(self, part: Part, binding: Binding) -> Iterator[_Found]:
        # A table that is computed once, at the top level, is not a loop of the function.
        if binding.kind not in _CODE:
            return
        for node in walk(binding.node):
            self._budget.spend()
            what = _STATEMENTS.get(type(node))
            if what is not None:
                line: int = node.lineno  # type: ignore[attr-defined] # each of these has one
                yield _Found(what, binding.name, line, binding.cell, part.path)

    def _disguised(self, binding: Binding) -> Iterator[_Found]:
        for found in self._used[id(binding)]:
            what = _DISGUISED.get(found.what)
            if what is not None:
                yield msgspec.structs.replace(found, what=what)

    def used(self) -> Iterator[_Found]:
        """Yield the dotted names of libraries that are loaded, such as `numpy.linalg.norm`."""
        for _, binding in self._queue:
            yield from self._used[id(binding)]

    def _through_local_imports(
        self, root: ast.AST
    ) -> Iterator[tuple[str, int]]:
        """Yield the names that come from imports inside functions: `numpy.dot`, and where."""
        local: dict[str, str] = {}
        for node in walk(root):
            self._budget.spend()
            if isinstance(node, ast.Import | ast.ImportFrom):
                local.update(imported(node))
        for node in walk(root) if local else ():
            self._budget.spend()
            attributes: list[str] = []
            base = node
            while isinstance(base, ast.Attribute):
                self._budget.spend()
                attributes.insert(0, base.attr)
                base = base.value
            if isinstance(base, ast.Name) and base.id in local:
                yield ".".join((local[base.id], *attributes)), base.lineno
