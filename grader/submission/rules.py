"""`rules.forbidden`: whether the student's function, or what it reaches, uses a forbidden library.

An import alone is no offence: one in ten real files imports cv2 or scipy and does not use it. So
the names that the function loads are followed through the top level, and only an import that is met
on the way counts. Nor is it an offence to look at data that a library gave, such as a picture that
cv2 has read: that is another mistake.
"""

import ast
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from grader.model import Exercise, Fault
from grader.submission.bindings import Binding
from grader.submission.program import Program, origin_of
from grader.submission.scope import BUILTINS, Scan, Use, called_name, scan
from grader.untrusted import quoted
from grader.vocabulary import place_first

_REACHED_CAP = 5000
_IMPORTERS = {"__import__", "import_module"}
_WRITE = "Write the computation yourself with NumPy."

_Met = list[tuple[Use, tuple[Binding, ...]]]
"""The names that some code uses, each with what it may be bound to there."""


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


def forbidden_fault(program: Program, exercise: Exercise) -> Fault | None:
    """Return one line about where a forbidden library is used, or None."""
    # What is not written cannot be imported: that is most submissions.
    text = "\n".join(parsed.source for _, parsed in program.units)
    if not any(library in text for library in exercise.rules.forbidden):
        return None
    offence = find_offence(program, exercise.function, exercise.rules.forbidden)
    if offence is None:
        return None
    library = offence.origin.partition(".")[0]
    named = library
    if "." in offence.origin:
        named += f" ({quoted(offence.origin)})"
    where = place_first(offence.line, offence.cell)
    if offence.itself:
        said = f"{exercise.function} comes from {named}"
    elif offence.user == exercise.function:
        said = f"{exercise.function} uses {named}"
    else:
        said = f"{quoted(offence.user)}, which {exercise.function} uses, uses {named}"
    return Fault(message=f"{where}: {said}. {_WRITE}")


def find_offence(
    program: Program, function: str, forbidden: Sequence[str]
) -> Offence | None:
    """Follow the names that the function loads, breadth first, to a forbidden library."""
    return _Search(program, function, forbidden).run()


class _Search:
    """One walk from the graded function along the names that it loads."""

    def __init__(
        self, program: Program, function: str, forbidden: Sequence[str]
    ) -> None:
        self._program = program
        self._function = function
        self._forbidden = forbidden
        self._star = self._forbidden_star()
        self._queue = list(program.by_name.get(function, ()))
        self._seen = {id(binding) for binding in self._queue}
        # By node and not by binding: `a, b, c = value` binds three names to one.
        self._scans: dict[int, Scan] = {}

    def run(self) -> Offence | None:
        """Return the first offence that is met, or None."""
        offence = self._imported_itself()
        if offence is not None:
            return offence
        for binding in self._queue:
            if binding.kind == "import" or len(self._seen) > _REACHED_CAP:
                continue
            offence = self._visit(binding)
            if offence is not None:
                return offence
        return None

    def _imported_itself(self) -> Offence | None:
        for binding in self._queue:
            origin = binding.origin or ""
            if binding.kind == "import" and self._is_forbidden(origin):
                name = self._function
                return Offence(origin, name, binding.line, binding.cell, itself=True)
        return None

    def _visit(self, binding: Binding) -> Offence | None:
        """Look for an offence in the code of a binding, and queue what the code reaches."""
        node = binding.node
        found = self._scans.get(id(node))
        if found is None:
            found = self._scans[id(node)] = scan(node)
        met = [(use, _computing(use, binding, self._program)) for use in found.uses]
        offence = self._offence_in(binding, found, met)
        if offence is not None:
            return offence
        for _, others in met:
            for other in others:
                if id(other) not in self._seen:
                    self._seen.add(id(other))
                    self._queue.append(other)
        return None

    def _offence_in(self, binding: Binding, found: Scan, met: _Met) -> Offence | None:
        offences = [(line, origin) for _, origin, line in found.imports]
        offences += _imported_at_run_time(binding.node)
        offences += self._used(met)
        guilty = [each for each in offences if self._is_forbidden(each[1])]
        if not guilty:
            return None
        line, origin = min(guilty)
        alias = isinstance(binding.node, (ast.Name, ast.Attribute))
        itself = alias and binding.name == self._function
        return Offence(origin, binding.name, line, binding.cell, itself)

    def _used(self, met: _Met) -> Iterator[tuple[int, str]]:
        """Yield line and origin of the imports that are used."""
        for use, bindings in met:
            for other in bindings:
                origin = origin_of(use, other)
                if origin is not None:
                    yield use.line, origin
            if self._star is not None and not bindings and not _is_known(use.name):
                # `from scipy.signal import *`: nothing else in the text explains the name.
                yield use.line, f"{self._star}{use.dotted}"

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
    return name in BUILTINS or hasattr(np, name)


def _computing(use: Use, user: Binding, program: Program) -> tuple[Binding, ...]:
    """Return what a name may be bound to, leaving out data that is only looked at.

    What a call gave is data if it is used as an array: `cv2.imread(path)` used as `picture.shape`
    is left out, and `nn.Conv2d(1, 1, 3)` used as `layer(image)` is not.
    """
    bindings = program.met_by(use, user)
    if _may_compute(use) or isinstance(user.node, ast.Name):
        # Another name for it may be used for anything.
        return bindings
    return tuple(binding for binding in bindings if not _is_given(binding))


def _may_compute(use: Use) -> bool:
    if use.attributes:
        return not hasattr(np.ndarray, use.attributes[0])
    return use.called


def _is_given(binding: Binding) -> bool:
    base = binding.node
    while isinstance(base, ast.Attribute):
        base = base.value
    return binding.kind == "computed" and isinstance(base, (ast.Call, ast.BinOp))


def _imported_at_run_time(root: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield `__import__("scipy")` and `importlib.import_module("scipy.signal")`."""
    for node in ast.walk(root):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        named = node.args[0]
        if not isinstance(named, ast.Constant) or not isinstance(named.value, str):
            continue
        if called_name(node) in _IMPORTERS:
            yield node.lineno, named.value
