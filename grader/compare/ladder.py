"""What is wrong with one outcome.

`compare` climbs a ladder and stops at the first rung that fails:

    returned? -> inputs unchanged? -> the right kind of value? -> what is in it

For an array, what is in it is its shape, its dtype, NaN, inf and its values (`arrays`); a list, a
tuple or a dict is climbed part by part (`tree`). It is total: whatever came back, it returns a
`Finding` and never raises.

Unchanged inputs come right after the call for two reasons. A function that spoils its arguments is
wrong whatever it returns. And the usual way to spoil them, writing the result into an argument,
also returns a wrong array, which would hide the cause.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from grader.compare.arrays import compare_arrays
from grader.compare.checks import Checks
from grader.compare.forms import result_of
from grader.compare.rules import Facts, Strictness, rules_of
from grader.compare.tree import (
    UnanswerableError,
    Wrong,
    differs,
    key_in_path,
)
from grader.compare.unchanged import changed_argument
from grader.errors import ExerciseError
from grader.model import (
    Comparison,
    Earlier,
    Finding,
    Outcome,
    Tolerance,
    Trial,
    Value,
    Verdict,
)

_EQUAL: Final = Comparison()


def compare(
    trial: Trial,
    outcome: Outcome,
    expected: Value,
    tolerance: Tolerance,
    arguments: Sequence[str] = (),
    *,
    others: Sequence[Value] = (),
    comparison: Comparison = _EQUAL,
    checks: Checks | None = None,
) -> Finding:
    """Return what is wrong with one outcome, or that nothing is. Never raises.

    `expected` is what the reference gave, and `others` are right too, where there are several right
    answers. `arguments` are the names of the trial's arguments, in order, if the trial has none.
    `checks` replace the comparison where the exercise has one for what was called. A fault of the
    exercise, such as a check that raises, is a `grader_error` whose `sentence` says which.
    """
    names = _names(trial.names or arguments, len(trial.args))
    rules = rules_of(tolerance, comparison)
    try:
        verdict, facts = _climb(
            trial, outcome, (expected, *others), rules, names, checks
        )
    except ExerciseError as fault:
        verdict, facts = Verdict.GRADER_ERROR, {"sentence": str(fault)}
    except UnanswerableError as fault:
        said = f"the reference solution gives an object of type {fault}"
        verdict, facts = Verdict.GRADER_ERROR, {"sentence": said}
    return Finding(
        verdict=verdict,
        trial=trial,
        outcome=outcome,
        expected=expected,
        arguments=names,
        **facts,
    )


def _names(arguments: Sequence[str], count: int) -> tuple[str, ...]:
    """Name `count` arguments; those without a name are called by their place."""
    if len(arguments) == count:
        return tuple(arguments)
    places = range(len(arguments), count)
    return (*arguments[:count], *(f"argument {place + 1}" for place in places))


def in_time(finding: Finding, allowed_s: float) -> Finding:
    """Return the finding, or that what is right took more than `allowed_s` seconds."""
    if finding.verdict is not Verdict.PASSED:
        return finding
    if finding.outcome.duration_s <= allowed_s:
        return finding
    return msgspec.structs.replace(
        finding, verdict=Verdict.TIMED_OUT, rung="speed"
    )


def _climb(
    trial: Trial,
    outcome: Outcome,
    right: Sequence[Value],
    rules: Strictness,
    names: Sequence[str],
    checks: Checks | None,
) -> tuple[Verdict, Facts]:
    if outcome.kind != "returned":
        return Verdict(outcome.kind), {}
    changed = changed_argument(trial.args, outcome.args_after)
    if changed is not None:
        return Verdict.MODIFIED_INPUT, {
            "rung": "modified",
            "argument": names[changed],
        }
    expected, value = right[0], outcome.value
    if (
        type(expected) is type(value) is np.ndarray
        and expected.ndim
        and outcome.type_name == "ndarray"
        and checks is None
        and len(right) == 1
    ):
        return compare_arrays(value, expected, rules)  # nearly every call
    return _facts(_judged(trial, result_of(outcome), right, rules, checks))


def _judged(
    trial: Trial,
    value: Value,
    right: Sequence[Value],
    rules: Strictness,
    checks: Checks | None,
) -> Wrong | None:
    if checks is None:
        found = [differs(each, value, rules) for each in right]
        return None if None in found else found[0]
    whole = checks.of_case(trial)
    if whole is None:
        return _by_call(trial.result, value, right[0], trial, rules, checks)
    said = checks.whole(whole, trial, value, right[0])
    return _said(said, value, right[0])


def _by_call(
    template: Value,
    value: Value,
    expected: Value,
    trial: Trial,
    rules: Strictness,
    checks: Checks,
) -> Wrong | None:
    """Judge each part of a trial's result by the check of the call that gave it, if it has one."""
    if isinstance(template, Earlier):
        check = checks.of_call(trial, template.index)
        if check is None:
            return differs(expected, value, rules)
        said = checks.result(check, trial, template.index, value, expected)
        return _said(said, value, expected)
    if type(template) is not type(value):
        return differs(expected, value, rules)
    for key, inner in _parts(template):
        wrong = _by_call(inner, value[key], expected[key], trial, rules, checks)
        if wrong is not None:
            return wrong._replace(part=(key_in_path(key), *wrong.part))
    return None


def _parts(template: Value) -> Sequence[tuple[Any, Value]]:
    """Return the parts of a template, which what came back has too: the trusted side filled it."""
    if isinstance(template, Mapping):
        return list(template.items())
    if isinstance(template, list | tuple):
        return list(enumerate(template))
    return []


def _said(
    said: str | None,
    value: Value,
    expected: Value,
) -> Wrong | None:
    if said is None:
        return None
    facts: Facts = {"rung": "check", "sentence": said}
    return Wrong(Verdict.WRONG_VALUES, facts, expected, value)


def _facts(wrong: Wrong | None) -> tuple[Verdict, Facts]:
    if wrong is None:
        return Verdict.PASSED, {}
    if not wrong.part:
        return wrong.verdict, wrong.facts
    return wrong.verdict, {
        **wrong.facts,
        "part": wrong.part,
        "part_expected": wrong.expected,
        "part_actual": wrong.actual,
    }
