"""The ways of computing that an exercise rules out or asks for: loops, and names such as `np.dot`.

Only the text is looked at: what the functions and classes that are asked for do, and what of the
submission's own they reach through the names that they load. A loop somewhere else is no offence.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from grader.model import Exercise, Fault, Rules
from grader.submission.bindings import COMPREHENSIONS, Binding, imported
from grader.submission.budget import (
    RULES_STEPS,
    Budget,
    TooComplicated,
    too_complicated,
)
from grader.submission.nodes import walk
from grader.submission.program import Program
from grader.submission.scope import BUILTINS, Use, scan
from grader.untrusted import quoted
from grader.vocabulary import place_first

LOOPS: Final = "loops"
"""The misconception of whoever loops where NumPy should."""

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
_CODE: Final = frozenset({"function", "class"})
_NO_LOOPS = "Let NumPy compute with whole arrays instead."
_OWN_WAY = "This exercise asks you to compute that yourself."


class _Found(msgspec.Struct, frozen=True):
    """A construct or a name in the code that is reached."""

    what: str
    user: str
    """The top-level name whose code it is in."""
    line: int
    cell: int | None


def way_fault(program: Program, exercise: Exercise) -> Fault | None:
    """Return why the way in which a submission computes is against the rules, or None."""
    rules = exercise.rules
    if rules.loops and not rules.required and not rules.dotted:
        return None
    names = [target.name for target in exercise.targets]
    if not any(name in program.by_name for name in names):
        return None  # which is told when it is run
    try:
        return _fault(program, names, rules)
    except TooComplicated:
        return too_complicated(program.what)


def _fault(
    program: Program, names: Sequence[str], rules: Rules
) -> Fault | None:
    reach = _Reach(program, names)
    if not rules.loops:
        loop = _first(reach.loops())
        if loop is not None:
            said = f"{_subject(loop, names)} a loop ({loop.what})"
            return _told(loop, f"{said}. {_NO_LOOPS}", LOOPS)
    used = list(reach.used())
    for each in used:
        if _is_one_of(each.what, rules.dotted):
            said = f"{_subject(each, names)} {quoted(each.what)}"
            return _told(each, f"{said}. {_OWN_WAY}")
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
    return Fault(message=f"{where}: {said}", misconception=misconception)


def _first(found: Iterable[_Found]) -> _Found | None:
    return next(iter(found), None)


def _is_one_of(origin: str, names: Iterable[str]) -> bool:
    return any(
        origin == name or origin.startswith(f"{name}.") for name in names
    )


class _Reach:
    """What of a submission's own the functions that are asked for reach, breadth first."""

    def __init__(self, program: Program, names: Sequence[str]) -> None:
        self._program = program
        self._budget = Budget(RULES_STEPS)
        self._stars = {
            (binding.origin or "").removesuffix(".*")
            for binding in program.by_name.get("*", ())
        }
        self._queue = [
            binding
            for name in names
            for binding in program.by_name.get(name, ())
        ]
        self._uses = {id(binding): uses for binding, uses in self._followed()}

    def _followed(self) -> Iterator[tuple[Binding, Sequence[Use]]]:
        """Yield each binding that is reached, with the names that its code loads."""
        seen = {id(binding.node) for binding in self._queue}
        for binding in self._queue:
            if binding.kind in {"import", "deleted"}:
                continue
            uses = scan(binding.node, self._budget).uses
            yield binding, uses
            for name in dict.fromkeys(use.name for use in uses):
                for other in self._met(name, binding):
                    if id(other.node) not in seen:
                        seen.add(id(other.node))
                        self._queue.append(other)

    def _met(self, name: str, user: Binding) -> Sequence[Binding]:
        met = self._program.met_by(name, user)
        self._budget.spend(len(met))
        return met

    def loops(self) -> Iterator[_Found]:
        """Yield the loops, those of each function in their order."""
        for binding in self._reached():
            found = [*self._statements(binding), *self._disguised(binding)]
            yield from sorted(found, key=lambda one: one.line)

    def _reached(self) -> Iterator[Binding]:
        return (each for each in self._queue if id(each) in self._uses)

    def _statements(self, binding: Binding) -> Iterator[_Found]:
        # A table that is computed once, at the top level, is no loop of the function.
        if binding.kind not in _CODE:
            return
        for node in walk(binding.node):
            self._budget.spend()
            what = _STATEMENTS.get(type(node))
            if what is not None:
                line: int = node.lineno  # type: ignore[attr-defined] # each of these has one
                yield _Found(what, binding.name, line, binding.cell)

    def _disguised(self, binding: Binding) -> Iterator[_Found]:
        for found in self._used_by(binding):
            what = _DISGUISED.get(found.what)
            if what is not None:
                yield msgspec.structs.replace(found, what=what)

    def used(self) -> Iterator[_Found]:
        """Yield the dotted names of libraries that are loaded, such as `numpy.linalg.norm`."""
        for binding in self._reached():
            yield from self._used_by(binding)

    def _used_by(self, binding: Binding) -> Iterator[_Found]:
        for use in self._uses[id(binding)]:
            for origin in self._origins(use, binding):
                dotted = ".".join((origin, *use.attributes))
                yield _Found(dotted, binding.name, use.line, binding.cell)
        for dotted, line in self._through_local_imports(binding.node):
            yield _Found(dotted, binding.name, line, binding.cell)

    def _origins(self, use: Use, user: Binding) -> list[str]:
        """Return where a name comes from, if it is not the submission's own."""
        met = self._met(use.name, user)
        found = [each.origin for each in met if each.origin is not None]
        if met or found:
            return found
        if "numpy" in self._stars and use.name not in BUILTINS:
            return [f"numpy.{use.name}"]
        return [f"builtins.{use.name}"]

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
