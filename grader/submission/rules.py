"""`rules.forbidden`: whether the student's function, or what it reaches, uses a forbidden library.

An import alone breaks no rule: one in ten real files imports cv2 or scipy and does not use it. So
the names that the function loads are followed through the top level, and only an import that is met
on the way counts. Nor is it an offence to look at data that a library gave, such as a picture that
cv2 has read: that is another mistake.
"""

import ast
import functools
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from grader.model import Exercise, Fault
from grader.submission.bindings import Binding
from grader.submission.budget import (
    RULES_STEPS,
    Budget,
    TooComplicated,
    too_complicated,
)
from grader.submission.nodes import walk
from grader.submission.program import Program
from grader.submission.scope import BUILTINS, Scan, Use, called_name, scan
from grader.untrusted import quoted
from grader.vocabulary import place_first

_IMPORTERS = {"__import__", "import_module"}
WRITE = "Write the computation yourself with NumPy."


class Offence(msgspec.Struct, frozen=True):
    """A forbidden library in use."""

    origin: str
    """Dotted, such as `scipy.signal.convolve2d`."""
    user: str
    """The top-level name whose code uses it."""
    line: int
    cell: int | None
    itself: bool = False
    """Whether the graded name is bound to the library's own function."""


def rules_of(
    program: Program, exercise: Exercise
) -> tuple[Fault | None, Fault | None]:
    """Return the fault of text that cannot be analysed, and the offence that it shows: one line.

    The offence is where the function, or what it reaches, uses a forbidden library. No worker has
    that library. So it becomes a fault only if running shows that the function needs it.
    """
    # What is not written cannot be imported: that is most submissions.
    if not program.mentions(exercise.rules.libraries):
        return None, None
    names = [target.name for target in exercise.targets]
    for name in names or [exercise.function]:
        try:
            offence = find_offence(program, name, exercise.rules.libraries)
        except TooComplicated:
            return too_complicated(program.what), None
        if offence is not None:
            return None, _told(offence, name)
    return None, None


def _told(offence: Offence, function: str) -> Fault:
    library = offence.origin.partition(".")[0]
    named = library
    if "." in offence.origin:
        named += f" ({quoted(offence.origin)})"
    where = place_first(offence.line, offence.cell)
    if offence.itself:
        said = f"{function} comes from {named}"
    elif offence.user == function:
        said = f"{function} uses {named}"
    else:
        said = f"{quoted(offence.user)}, which {function} uses, uses {named}"
    return Fault(message=f"{where}: {said}. {WRITE}")


def find_offence(
    program: Program, function: str, forbidden: Sequence[str]
) -> Offence | None:
    """Follow the names that the function loads, breadth first, to a forbidden library."""
    return _Search(program, function, forbidden).run()


_Key = tuple[str, bool]
"""A name, and whether it is only looked at as data."""


class _Search:
    """One walk from the graded function along the names that it loads."""

    def __init__(
        self, program: Program, function: str, forbidden: Sequence[str]
    ) -> None:
        self._program = program
        self._function = function
        self._forbidden = forbidden
        self._budget = Budget(RULES_STEPS)
        self._star = self._forbidden_star()
        self._queue = self._bound_to(function)
        self._seen = {id(binding) for binding in self._queue}
        self._visited: set[int] = set()

    def _bound_to(self, function: str) -> list[Binding]:
        """Return what the name may be, without the libraries that would hide an own `def`.

        They are not there when it runs, so the name stays with the student's own.
        """
        bindings = self._program.by_name.get(function, ())
        own = self._program.own(function)
        if own is None:
            return list(bindings)
        kept = [one for one in bindings if not self._hides_own(one)]
        return kept or [own]

    def _hides_own(self, binding: Binding) -> bool:
        if binding.kind == "import":
            return True
        node = binding.node
        while isinstance(node, ast.Attribute):
            node = node.value
        if node is binding.node or not isinstance(node, ast.Name):
            return False
        met = self._program.met_by(node.id, binding)
        return self._origin(met) is not None

    def run(self) -> Offence | None:
        """Return the first offence that is met, or None."""
        offence = self._imported_itself()
        if offence is not None:
            return offence
        for binding in self._queue:
            # By node and not by binding: `a, b, c = value` binds three names to one.
            node = id(binding.node)
            if binding.kind == "import" or node in self._visited:
                continue
            self._visited.add(node)
            offence = self._visit(binding)
            if offence is not None:
                return offence
        return None

    def _imported_itself(self) -> Offence | None:
        for binding in self._queue:
            origin = binding.origin or ""
            if binding.kind == "import" and self._is_forbidden(origin):
                name = self._function
                return Offence(
                    origin, name, binding.line, binding.cell, itself=True
                )
        return None

    def _visit(self, binding: Binding) -> Offence | None:
        """Look for an offence in the code of a binding, and queue what the code reaches."""
        found = scan(binding.node, self._budget)
        met: dict[_Key, Sequence[Binding]] = {}
        for use in found.uses:
            key = _key(use, binding)
            if key not in met:
                met[key] = self._met(key, binding)
        offence = self._offence_in(binding, found, met)
        if offence is not None:
            return offence
        for bindings in met.values():
            for other in bindings:
                if id(other) not in self._seen:
                    self._seen.add(id(other))
                    self._queue.append(other)
        return None

    def _met(self, key: _Key, user: Binding) -> Sequence[Binding]:
        """Return what a name may be bound to, without what is data if it is only looked at."""
        name, as_data = key
        bindings = self._program.met_by(name, user)
        self._budget.spend(len(bindings))
        if not as_data:
            return bindings
        return [binding for binding in bindings if not _is_given(binding)]

    def _offence_in(
        self, binding: Binding, found: Scan, met: dict[_Key, Sequence[Binding]]
    ) -> Offence | None:
        offences = [
            (line, origin)
            for _, origin, line in found.imports
            if self._is_forbidden(origin)
        ]
        offences += self._imported_at_run_time(binding.node)
        origins = {key: self._origin(bindings) for key, bindings in met.items()}
        for use in found.uses:
            key = _key(use, binding)
            origin = origins[key]
            if origin is not None:
                offences.append((use.line, ".".join((origin, *use.attributes))))
            elif (
                self._star is not None
                and not met[key]
                and not _is_known(use.name)
            ):
                # `from scipy.signal import *`: nothing else in the text explains the name.
                offences.append((use.line, f"{self._star}{use.dotted}"))
        if not offences:
            return None
        line, origin = min(offences)
        alias = isinstance(binding.node, (ast.Name, ast.Attribute))
        itself = alias and binding.name == self._function
        return Offence(origin, binding.name, line, binding.cell, itself)

    def _origin(self, bindings: Sequence[Binding]) -> str | None:
        """Return the forbidden origin that a name may have, if it may have one."""
        origins = [
            binding.origin for binding in bindings if binding.origin is not None
        ]
        return min(filter(self._is_forbidden, origins), default=None)

    def _imported_at_run_time(self, root: ast.AST) -> Iterator[tuple[int, str]]:
        """Yield `__import__("scipy")` and `importlib.import_module("scipy.signal")`."""
        for node in walk(root):
            self._budget.spend()
            if not isinstance(node, ast.Call) or not node.args:
                continue
            named = node.args[0]
            if not isinstance(named, ast.Constant) or not isinstance(
                named.value, str
            ):
                continue
            if called_name(node) in _IMPORTERS and self._is_forbidden(
                named.value
            ):
                yield node.lineno, named.value

    def _forbidden_star(self) -> str | None:
        """Return the package of a `from ... import *` that is forbidden, with its last dot."""
        for binding in self._program.by_name.get("*", ()):
            origin = binding.origin or ""
            if self._is_forbidden(origin):
                return origin.removesuffix("*")
        return None

    def _is_forbidden(self, origin: str) -> bool:
        return origin.partition(".")[0] in self._forbidden


def _is_known(name: str) -> bool:
    return name in BUILTINS or name in _numpy_names()


@functools.cache
def _numpy_names() -> frozenset[str]:
    # Not `hasattr`, which imports modules for some names and warns about others.
    return frozenset(dir(np))


def _key(use: Use, user: Binding) -> _Key:
    """Return what decides which bindings count for a use.

    What a call gave is data if it is used as an array: `cv2.imread(path)` used as `picture.shape`
    does not count, and `nn.Conv2d(1, 1, 3)` used as `layer(image)` does. Another name for it may be
    used for anything.
    """
    as_data = not isinstance(user.node, ast.Name) and not _may_compute(use)
    return use.name, as_data


def _may_compute(use: Use) -> bool:
    if use.attributes:
        return not hasattr(np.ndarray, use.attributes[0])
    return use.called


def _is_given(binding: Binding) -> bool:
    base = binding.node
    while isinstance(base, ast.Attribute):
        base = base.value
    return binding.kind == "computed" and isinstance(
        base, (ast.Call, ast.BinOp)
    )
