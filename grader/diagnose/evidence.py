"""What proves a misconception besides its values: types, exceptions, the text, patterns of cases.

Each recogniser looks at what came back (`View`) and claims nothing that the evidence leaves open.
`catalogue.EVIDENCE` lists the kinds of evidence.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from grader.compare.unchanged import same
from grader.diagnose.catalogue import Observed
from grader.diagnose.view import View, is_list
from grader.model import Array, Finding, Value

_SILENT: Final = {
    "timed_out",
    "out_of_memory",
    "crashed",
    "invalid_output",
    "not_run",
    "grader_error",
}
"""The kinds of outcome that neither prove nor disprove anything."""
_MATRIX: Final = 2
_SIZES: Final = 2
_UNDEFINED: Final = re.compile(r"name '(\w+)' is not defined")


def says_something(observed: Sequence[Observed]) -> bool:
    """Tell whether values can prove anything.

    The same constant everywhere, such as a 1, has too many causes. Zeros can prove something: that
    nothing was computed is a misconception of its own.
    """
    constants = {_constant(each.values) for each in observed}
    return len(constants) != 1 or constants <= {0.0, None}


def _constant(values: Array) -> float | None:
    """Return the number that all these values are; None if they differ or there are none."""
    if values.size and (values == values[0]).all():
        return float(values[0])
    return None


# ---- From one result


def from_one(finding: Finding) -> Iterator[str]:
    """Yield the evidence that one finding is by itself, what says most first."""
    if (
        finding.outcome.kind == "returned"
        and finding.outcome.type_name == "NoneType"
    ):
        yield "returned None"
    if is_list(finding):
        yield "returned a list"
    if _overflows_uint8(finding):
        yield "stores more than uint8 holds"
    if finding.rung == "modified":
        yield "changed an argument"


def _overflows_uint8(finding: Finding) -> bool:
    """Return whether NumPy refused to put a number into an array of uint8."""
    raised = finding.outcome.raised
    if raised is None or raised.type != "OverflowError":
        return False
    return raised.message.endswith("out of bounds for uint8")


# ---- From exceptions and the text


def expects_more_axes(view: View) -> bool:
    """Tell whether every failed call raised where the first argument should have more axes."""
    if not view.raised or len(view.raised) < len(view.failed):
        return False
    from grader.submission.axes import wants_more_axes  # which parses

    firsts = [finding.trial.args[:1] for finding in view.failed]
    axes = {getattr(value, "ndim", 0) for first in firsts for value in first}
    if len(axes) != 1 or not min(axes):
        return False
    units = view.submission.units
    return all(
        raised is not None
        and wants_more_axes(units, view.exercise, raised, min(axes))
        for raised in {finding.outcome.raised for finding in view.raised}
    )


def exchanges_arguments(view: View) -> bool:
    """Return whether the text shows that arguments arrive in the other order.

    Their names say which is which, so nothing may have passed: else the function would take them
    as they come, under names that do not fit.
    """
    if view.passed:
        return False
    from grader.diagnose.exchanged import (
        shows_exchanged_arguments,
    )  # which parses

    return shows_exchanged_arguments(view.submission, view.exercise)


def reads_a_global(view: View) -> bool:
    """Tell whether the function needs data that does not come in through its arguments.

    There are two proofs. Every failed call raised at a name that nothing in the function binds, and
    that is not misspelt, not a module and not a function. Or the text shows that the function loads
    such data, and what came back has the size of that data and not of the arguments: see
    `_goes_by_one_size`.
    """
    undefined = {_undefined_data(view, finding) for finding in view.failed}
    if len(undefined) == 1 and None not in undefined:
        return True
    if not view.facts.reads_globals:
        return False
    if view.facts.unread_parameters and not view.passed:
        return True
    return _goes_by_one_size(view)


def _goes_by_one_size(view: View) -> bool:
    """Return whether all results, or the filled parts of them, have one size for several arguments.

    Where calls raised, that must be at lines that read the data, and nothing may have passed.
    """
    if view.raised:
        at_data = (_raised_at_global(view, one) for one in view.failed)
        return not view.passed and all(at_data)
    several = len({each.shapes for each in view.observed}) > 1
    if not several or len(view.observed) < len(view.findings):
        return False
    whole = {each.shape for each in view.observed}
    filled = {_filled(each) for each in view.observed}
    # One value, or none, is what many mistakes leave.
    one_part = len(filled) == 1 and min(min(filled), default=0) > 1
    return len(whole) == 1 or one_part


def _filled(each: Observed) -> tuple[int, ...]:
    """Return the size of the part, from the first value on, that holds all values but 0."""
    places = np.nonzero(each.values.reshape(each.shape))
    return tuple(int(axis.max(initial=-1)) + 1 for axis in places)


def _raised_at_global(view: View, finding: Finding) -> bool:
    raised = finding.outcome.raised
    if raised is None or raised.type not in {"IndexError", "ValueError"}:
        return False
    line = view.line(raised)
    names = [use.name for use in view.facts.reads_globals]
    return any(re.search(rf"(?<![\w.]){name}\b", line) for name in names)


def _undefined_data(view: View, finding: Finding) -> str | None:
    """Return the name of the data that a call did not find; None if that is not why it failed."""
    raised = finding.outcome.raised
    if raised is None or raised.type != "NameError":
        return None
    match = _UNDEFINED.search(raised.message)
    if match is None:
        return None
    name = match[1]
    unbound = [use.name for use in view.facts.unbound if use.suggestion is None]
    data = {use.name for use in view.facts.reads_globals}.union(unbound)
    called = re.search(rf"(?<![\w.]){name}\s*\(", view.line(raised))
    if name not in data or called or name in view.facts.bound_inside:
        return None
    return name


# ---- From several cases


def same_for_another(view: View, argument: int) -> bool:
    """Tell whether results never depend on one argument, given by its place.

    Where only that argument differs, the values must be the same, in every case that failed. They
    must not be one constant, which would be the same for anything. And every other argument must be
    read: otherwise there is more to say than this.
    """
    named = view.facts.parameters[argument : argument + 1]
    if set(view.facts.unread_parameters) - set(named):
        return False
    shown: set[str] = set()
    for left, right in itertools.combinations(view.wrong, 2):
        if left.case == right.case and _differ_only_in(left, right, argument):
            same = left.shape == right.shape
            if not same or not np.array_equal(left.values, right.values):
                return False
            if not (left.values != left.values[:1]).any():
                return False
            shown.add(left.case)
    return bool(shown) and shown == {each.case for each in view.wrong}


def _differ_only_in(
    left: Observed,
    right: Observed,
    argument: int,
) -> bool:
    pairs = zip(left.args, right.args, strict=True)
    differing = [at for at, (a, b) in enumerate(pairs) if not same(a, b)]
    return differing == [argument]


def right_where_square(
    view: View,
) -> tuple[frozenset[str], frozenset[str]] | None:
    """Tell whether the function only works where its first argument is square.

    On squares it is right, or wrong in a way that can be explained; on everything else it fails, by
    its values or by an index or a shape that does not fit. Return what explains the square cases,
    and the names of the other cases; None where the pattern is another. There must be squares of
    two sizes, or it could be the size that matters.
    """
    rest = [each for each in view.observed if not _is_square(each.args)]
    failed = [one for one in view.failed if not _is_square(one.trial.args)]
    sizes_do_not_fit = failed and all(map(_does_not_fit, failed))
    if not sizes_do_not_fit or any(not each.failed for each in rest):
        return None
    explained = _explain_squares(view)
    if explained is None:
        return None
    by_case = itertools.groupby(rest, lambda each: each.case)
    for _, of_case in by_case:
        if view.catalogue.explain(list(of_case), view.shared) == explained:
            return None  # so squares are nothing special
    return explained, frozenset(finding.trial.case for finding in failed)


def _explain_squares(view: View) -> frozenset[str] | None:
    """Explain what came back for squares of two sizes or more; None if that cannot be done."""
    square = [each for each in view.observed if _is_square(each.args)]
    if len({each.shapes[0] for each in square}) < _SIZES:
        return None
    failed = [one for one in view.failed if _is_square(one.trial.args)]
    if any(finding.outcome.kind != "returned" for finding in failed):
        return None
    if not failed:
        return frozenset()
    ids = view.catalogue.explain(square, view.shared)
    if ids is None or not view.catalogue.is_supported(ids, view.signs):
        return None
    return ids


def _does_not_fit(finding: Finding) -> bool:
    if finding.outcome.kind in _SILENT:
        return False
    raised = finding.outcome.raised
    return raised is None or raised.type in {"IndexError", "ValueError"}


def _is_square(args: Sequence[Value]) -> bool:
    shape: tuple[int, ...] = getattr(args[0], "shape", ()) if args else ()
    return len(shape) >= _MATRIX and bool(shape[0] == shape[1])
