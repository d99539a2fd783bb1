"""`rules.forbidden`: does the student's function, or what it reaches, use a library that it must not? Pure.

An import alone is no offence: one in ten real files imports cv2 or scipy and does not use it. So
from the function the names that it loads are followed through the top level, and only an import
that is met on the way counts. Nor is it an offence to look at data that a library gave, such as a
picture that cv2 has read: that is another mistake.
"""

import ast
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from grader.model import Exercise, Fault
from grader.submission.bindings import Binding
from grader.submission.program import Program, origin_of
from grader.submission.scope import BUILTINS, Scan, Use, scan
from grader.submission.source import place

_REACHED_CAP = 5000


class Offence(msgspec.Struct, frozen=True):
    """A forbidden library in use."""

    origin: str
    """Dotted, such as `scipy.signal.convolve2d`."""
    user: str
    """The top-level name whose code uses it."""
    line: int
    cell: int | None
    itself: bool = False
    """True where the graded name is bound to the library's own function."""


def forbidden_fault(program: Program, exercise: Exercise) -> Fault | None:
    """Say in one line where a forbidden library is used, or give None."""
    text = "\n".join(parsed.source for _, parsed in program.units)
    if not any(library in text for library in exercise.rules.forbidden):
        return None  # most submissions: what is not written cannot be imported
    offence = find_offence(program, exercise.function, exercise.rules.forbidden)
    if offence is None:
        return None
    library = offence.origin.partition(".")[0]
    named = f"{library} ({offence.origin})" if "." in offence.origin else library
    where = place(offence.line, offence.cell)
    if offence.itself:
        return Fault(
            message=f"{where}: {exercise.function} comes from {named}. {_WRITE}"
        )
    user = (
        offence.user
        if offence.user == exercise.function
        else f"{offence.user}, which {exercise.function} uses,"
    )
    return Fault(message=f"{where}: {user} uses {named}. {_WRITE}")


_WRITE = "Write the computation yourself with NumPy."


def find_offence(
    program: Program, function: str, forbidden: Sequence[str]
) -> Offence | None:
    """Follow the names that the function loads, breadth first, to a use of a forbidden library."""
    queue = list(program.by_name.get(function, ()))
    for binding in queue:
        if (
            binding.kind == "import"
            and binding.name == function
            and _is_forbidden(binding.origin or "", forbidden)
        ):
            return Offence(
                binding.origin or "", function, binding.line, binding.cell, itself=True
            )
    seen = {id(binding) for binding in queue}
    # By node, not by binding: `a, b, c = value` binds three names to one.
    scans: dict[int, Scan] = {}
    for binding in queue:
        if binding.kind == "import" or len(seen) > _REACHED_CAP:
            continue
        if id(binding.node) not in scans:
            scans[id(binding.node)] = scan(binding.node)
        found = scans[id(binding.node)]
        met = [(use, _computing(use, binding, program)) for use in found.uses]
        offence = _offence_in(
            binding, found, met, _forbidden_star(program, forbidden), forbidden
        )
        if offence is not None:
            itself = binding.name == function and isinstance(
                binding.node, (ast.Name, ast.Attribute)
            )
            return msgspec.structs.replace(offence, itself=itself)
        new = {
            id(other): other
            for _, others in met
            for other in others
            if id(other) not in seen
        }
        seen |= set(new)
        queue += new.values()
    return None


def _computing(use: Use, user: Binding, program: Program) -> tuple[Binding, ...]:
    """Give what a name may be bound to, but for data: what a call gave that is used as an array is used, not called.

    So `cv2.imread(path)` as `picture.shape` is left out, and `nn.Conv2d(1, 1, 3)` as `layer(image)`
    is not.
    """
    bindings = program.met_by(use, user)
    computes = (
        use.called if not use.attributes else not hasattr(np.ndarray, use.attributes[0])
    )
    computes = computes or isinstance(
        user.node, ast.Name
    )  # another name for it: who knows what for
    return (
        bindings
        if computes
        else tuple(binding for binding in bindings if not _is_given(binding))
    )


def _is_given(binding: Binding) -> bool:
    base = binding.node
    while isinstance(base, ast.Attribute):
        base = base.value
    return binding.kind == "computed" and isinstance(base, (ast.Call, ast.BinOp))


def _offence_in(
    binding: Binding,
    found: Scan,
    met: Sequence[tuple[Use, tuple[Binding, ...]]],
    star: str | None,
    forbidden: Sequence[str],
) -> Offence | None:
    offences = [
        *((origin, line) for _, origin, line in found.imports),
        *_imported_at_run_time(binding.node),
    ]
    for use, bindings in met:
        offences += [
            (origin, use.line)
            for other in bindings
            if (origin := origin_of(use, other)) is not None
        ]
        if (
            star is not None
            and not bindings
            and use.name not in BUILTINS
            and not hasattr(np, use.name)
        ):
            # `from scipy.signal import *`: nothing else in the text explains where the name comes
            # from.
            offences.append((f"{star}{use.dotted}", use.line))
    guilty = [
        (line, origin) for origin, line in offences if _is_forbidden(origin, forbidden)
    ]
    if not guilty:
        return None
    line, origin = min(guilty)
    return Offence(origin, binding.name, line, binding.cell)


def _forbidden_star(program: Program, forbidden: Sequence[str]) -> str | None:
    origins = (binding.origin or "" for binding in program.by_name.get("*", ()))
    return next(
        (
            origin.removesuffix("*")
            for origin in origins
            if _is_forbidden(origin, forbidden)
        ),
        None,
    )


def _imported_at_run_time(root: ast.AST) -> Iterator[tuple[str, int]]:
    """Find `__import__("scipy")` and `importlib.import_module("scipy.signal")`."""
    for node in ast.walk(root):
        if (
            isinstance(node, ast.Call)
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            called = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if called in {"__import__", "import_module"} and isinstance(
                node.args[0].value, str
            ):
                yield node.args[0].value, node.lineno


def _is_forbidden(origin: str, forbidden: Sequence[str]) -> bool:
    return origin.partition(".")[0] in forbidden
