"""What is behind an exception, as the text of the submission shows it: a module, a name."""

import ast
import re
from collections.abc import Sequence

import msgspec

from grader.libraries import is_relative, missing_module
from grader.model import Loading, Missing, Outcome, Raised, Skipped, Submission
from grader.submission.bindings import Binding
from grader.submission.budget import ABSENT_STEPS, Budget, TooComplicated
from grader.submission.nearby import nearby_name
from grader.submission.nodes import walk
from grader.submission.program import Program, read_program

_UNDEFINED = re.compile(r"name '([^']+)' is not defined")
_NOT_IN_NUMPY = re.compile(r"cannot import name '(\w+)' from '(numpy[\w.]*)'")
_DEEPEST = 5
"""Statements that failed one because of the other: an import, what it is used for, and so on."""


def with_missing(
    outcomes: Sequence[Outcome], loading: Loading, submission: Submission
) -> tuple[Outcome, ...]:
    """Return the outcomes; an exception has the missing module or the name meant beside it."""
    program: Program | None = None
    known: dict[Raised, Raised] = {}
    budget = Budget(ABSENT_STEPS)
    explained = []
    for outcome in outcomes:
        raised = outcome.raised
        if raised is None:
            explained.append(outcome)
            continue
        if raised not in known:
            program = program or read_program(submission.units)
            known[raised] = _explained(raised, loading, program, budget)
        explained.append(msgspec.structs.replace(outcome, raised=known[raised]))
    return tuple(explained)


def _explained(
    raised: Raised, loading: Loading, program: Program, budget: Budget
) -> Raised:
    try:
        missing = _missing_behind(raised, loading, program, budget)
        nearby = None if missing else nearby_name(raised, program, budget)
    except TooComplicated:
        return raised
    return msgspec.structs.replace(raised, missing=missing, nearby=nearby)


def missing_behind(
    raised: Raised, loading: Loading, program: Program
) -> Missing | None:
    """Return the module that was not there, if the exception comes from that."""
    try:
        return _missing_behind(raised, loading, program, Budget(ABSENT_STEPS))
    except TooComplicated:
        return None


def _missing_behind(
    raised: Raised,
    loading: Loading,
    program: Program,
    budget: Budget,
    deep: int = _DEEPEST,
) -> Missing | None:
    module = _module_of(raised, program, budget)
    if module is not None:
        return Missing(module, raised.line, raised.cell)
    found = _UNDEFINED.search(raised.message)
    if raised.type != "NameError" or found is None or not deep:
        return None
    bindings = program.by_name.get(found[1]) or program.by_name.get("*", ())
    for binding in bindings:
        budget.spend(len(loading.skipped))
        for skipped in loading.skipped:
            if covers(binding, skipped):
                return _behind(
                    binding, skipped, loading, program, budget, deep - 1
                )
    return None


def _behind(
    binding: Binding,
    skipped: Skipped,
    loading: Loading,
    program: Program,
    budget: Budget,
    deep: int,
) -> Missing | None:
    """Return the missing module that kept a statement from binding a name."""
    if binding.kind != "import":
        return _missing_behind(skipped.raised, loading, program, budget, deep)
    module = missing_module(skipped.raised.type, skipped.raised.message)
    old = _NOT_IN_NUMPY.search(skipped.raised.message)
    if old is not None:
        module = f"{old[2]}.{old[1]}"
    elif is_relative(skipped.raised.message):
        module = (binding.origin or ".").rpartition(".")[0] or "."
    if module is None:
        return None
    return Missing(module, binding.line, binding.cell)


def _module_of(raised: Raised, program: Program, budget: Budget) -> str | None:
    """Return the module that an import in a function, or the use of a stand-in, did not find."""
    if not is_relative(raised.message):
        return missing_module(raised.type, raised.message)
    for cell, tree in program.trees():
        for node in walk(tree):
            budget.spend()
            if not isinstance(node, ast.ImportFrom) or cell != raised.cell:
                continue
            if node.level and node.lineno == raised.line:
                return f".{node.module or node.names[0].name}"
    return None


def covers(binding: Binding, skipped: Skipped) -> bool:
    """Return whether a statement that raised is the one that would have bound the name."""
    if skipped.cell != binding.cell:
        return False
    if skipped.line is None:
        return True
    decorators = getattr(binding.node, "decorator_list", [])
    first: int = min(
        [binding.line, *(decorator.lineno for decorator in decorators)]
    )
    last: int = getattr(binding.node, "end_lineno", None) or binding.line
    return first <= skipped.line <= last
