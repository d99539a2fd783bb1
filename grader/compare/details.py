"""The facts of a finding as plain data that JSON can carry."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from grader.compare.forms import is_number, numbers_of, result_of
from grader.compare.parts import call_words, part_words, step_of
from grader.compare.plain import (
    SHOWN_CELLS,
    cell,
    cells,
    cut,
    key_text,
    plain,
)
from grader.compare.script import input_names, script_of
from grader.compare.windows import covered
from grader.model import (
    Details,
    Earlier,
    ExceptionDetails,
    Exercise,
    Finding,
    Leaf,
    Raised,
    Still,
    StillDetails,
    Unit,
    Unsent,
    Value,
    Verdict,
)
from grader.untrusted import one_line

__all__ = ["SHOWN_CELLS", "SOURCE_LINE", "cells", "details"]

SOURCE_LINE: Final = 200
"""The most characters of the student's own line that are shown."""

_DTYPE_NAME: Final = 40
_TYPE_NAME: Final = 60
_SENTENCE: Final = 500
_KEYS: Final = 20
_AROUND: Final = 20
"""Characters of a text that are shown on each side of the first difference."""


def details(
    finding: Finding,
    units: Sequence[Unit],
    *,
    passed: int | None = None,
    of: int | None = None,
    exercise: Exercise | None = None,
) -> Details:
    """Return the facts of a finding; only the counts for one that passed.

    NaN and the infinities become strings, and arrays of more than `SHOWN_CELLS` cells are left out.
    An exception gets the student's own line of source, looked up by its number in `units`.
    `passed` of `of` trials of the case passed. `exercise` has the names of parts. With a part that
    is wrong, what was expected and what came back are those of the part.
    """
    if finding.verdict is Verdict.PASSED:
        return Details(passed_trials=passed, trials=of)
    outcome, trial = finding.outcome, finding.trial
    failed = len(trial.calls) > 1 and outcome.kind != "returned"
    names = input_names(trial, finding.arguments)
    inputs = zip(names, trial.args, strict=True)
    return Details(
        trial=trial.name,
        rung=finding.rung,
        part=part_words(finding, exercise),
        script=script_of(
            trial,
            finding.arguments,
            of_several=exercise is not None and len(exercise.targets) > 1,
        ),
        call=call_words(trial, outcome.call) if failed else None,
        sentence=_sentence(finding.sentence),
        allowed=_allowed(finding, exercise),
        covered=covered(finding, exercise),
        region=finding.region,
        max_error=None
        if finding.max_error is None
        else cell(finding.max_error),
        argument=finding.argument,
        exception=_exception(outcome.raised, units),
        limit_s=outcome.limit_s,
        still=_still(outcome.still, units),
        signal=outcome.signal,
        exit_code=outcome.exit_code,
        reason=outcome.reason,
        inputs={
            name: shown(argument)
            for name, argument in inputs
            if not isinstance(argument, Earlier)
        },
        passed_trials=passed,
        trials=of,
        **_compared(finding),
    )


def _sentence(sentence: str | None) -> str | None:
    return None if sentence is None else one_line(sentence, _SENTENCE)


def _allowed(finding: Finding, exercise: Exercise | None) -> str | None:
    if finding.rung != "speed" or exercise is None or exercise.speed is None:
        return None
    return exercise.speed.within


# ---- What was expected, and what came back


def _compared(finding: Finding) -> dict[str, Any]:
    """Return the facts about the part that is wrong, or about the whole result."""
    expected, outcome = finding.expected, finding.outcome
    returned = outcome.kind == "returned"
    actual: Value = result_of(outcome) if returned else None
    type_name = outcome.type_name
    if finding.part:
        expected, actual = finding.part_expected, finding.part_actual
        type_name = _type_of(actual)
    array = numbers_of(actual) if returned else None
    facts: dict[str, Any] = {
        "differing": finding.differing,
        "first": finding.first,
        "expected_shape": expected.shape if _is_array(expected) else None,
        "expected_type": None if _has_axes(expected) else _kind_of(expected),
        "expected_dtype": _expected_dtype(expected, finding),
        "total": _total(expected),
        "expected": shown(expected),
        "expected_value": _leaf(expected, finding),
        "actual_type": type_name,
        "actual_dtype": _dtype(actual, outcome.dtype),
        "actual_shape": None if array is None else array.shape,
        "actual_value": _leaf(actual, finding) if returned else None,
    }
    if returned:
        shows_array = _has_axes(expected) or _is_array(actual)
        as_array = None if array is None else cells(array)
        facts["actual"] = as_array if shows_array else shown(actual)
    facts |= _in_its_list(finding)
    return facts | _lengths(finding, expected, actual)


def _in_its_list(finding: Finding) -> dict[str, Any]:
    """Return the whole list instead of one number or one text in it: it says more."""
    if not finding.part or not isinstance(finding.part[-1], int):
        return {}
    expected, actual = finding.expected, result_of(finding.outcome)
    for step in finding.part[:-1]:
        key = step_of(expected, step)
        expected, actual = expected[key], actual[key]
    if not isinstance(expected, list | tuple) or not all(
        map(_leaf_of, expected)
    ):
        return {}
    facts = {
        "expected": shown(expected),
        "actual": shown(actual),
        "differing": None,
        "total": None,
    }
    if finding.first == ():
        facts["first"] = finding.part[-1:]
    return facts


def _leaf_of(value: Value) -> bool:
    return not isinstance(value, list | tuple | dict) and not _has_axes(value)


def _kind_of(value: Value) -> str:
    """Return what kind of value is expected: of a number, the Python type that it is."""
    if is_number(value) and isinstance(value, np.ndarray | np.generic):
        value = value.item()
    return _type_of(value)


def _expected_dtype(expected: Value, finding: Finding) -> str | None:
    """Return the dtype that was expected, if it is not just any numbers."""
    if finding.rung != "dtype" or not _has_axes(expected):
        return None
    return str(expected.dtype) if expected.dtype.kind in "biu" else None


def _lengths(
    finding: Finding, expected: Value, actual: Value
) -> dict[str, Any]:
    if finding.rung == "length":
        return {
            "expected_length": len(expected),
            "actual_length": len(actual),
        }
    if finding.rung == "keys":
        return {
            "missing": _keys_beyond(expected, actual),
            "unexpected": _keys_beyond(actual, expected),
        }
    return {}


def _keys_beyond(
    these: Mapping[Any, Value], others: Mapping[Any, Value]
) -> tuple[str, ...]:
    """Return the first keys of a dict that another does not have."""
    found = []
    for key in these:
        if key not in others:
            found.append(key_text(key))
            if len(found) == _KEYS:
                break
    return tuple(found)


def _is_array(value: Value) -> bool:
    return isinstance(value, np.ndarray)


def _has_axes(value: Value) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0


def _total(expected: Value) -> int | None:
    if isinstance(expected, np.ndarray):
        return int(expected.size)
    return 1 if is_number(expected) else None


def _type_of(value: Value) -> str:
    if isinstance(value, Unsent):
        return cut(value.type_name, _TYPE_NAME)
    return type(value).__name__


def _dtype(value: Value, unsent: str | None) -> str | None:
    if isinstance(value, Unsent):
        return value.dtype
    array = numbers_of(value)
    return unsent if array is None else str(array.dtype)[:_DTYPE_NAME]


def shown(value: Value) -> Any:  # noqa: ANN401 - JSON is any of its types
    """Return a value as a report shows it."""
    return cells(value) if _is_array(value) else plain(value)


def _leaf(value: Value, finding: Finding) -> Leaf:
    """Return the one value that differs; of a text, what stands around the first difference."""
    first = finding.first
    if first is None:
        return None
    if isinstance(value, str | bytes):
        return _around(value, first[0])
    if finding.rung == "length":
        return None
    if _has_axes(value) or first:
        array = numbers_of(value)
        value = None if array is None else array[first]
    found = plain(value)
    return found if isinstance(found, bool | int | float | str) else None


def _around(text: str | bytes, first: int) -> str:
    start = max(0, first - _AROUND)
    near = text[start : first + _AROUND + 1]
    shown = near if isinstance(near, str) else repr(near)
    before = "..." if start else ""
    after = "..." if len(text) > first + _AROUND + 1 else ""
    return before + shown + after


# ---- Exceptions


def _exception(
    raised: Raised | None, units: Sequence[Unit]
) -> ExceptionDetails | None:
    """Describe an exception together with the student's own line that it came from."""
    if raised is None:
        return None
    return ExceptionDetails(
        type=raised.type,
        message=raised.message,
        line=raised.line,
        cell=raised.cell,
        source=_source_line(raised.line, raised.cell, units),
        missing=raised.missing,
        nearby=raised.nearby,
        moment=raised.moment,
        cut_off=raised.cut_off,
        rebound=raised.rebound,
    )


def _still(still: Still | None, units: Sequence[Unit]) -> StillDetails | None:
    """Describe where code was when its time was up; nothing where there is no such line."""
    if still is None:
        return None
    line = still.lines[0]
    source = _source_line(line, still.cell, units)
    if source is None:
        return None
    return StillDetails(
        line=line, cell=still.cell, source=source, is_loop=still.is_loop
    )


def _source_line(
    line: int | None, cell: int | None, units: Sequence[Unit]
) -> str | None:
    """Look the line up by its number, which the student's process sent, in our copy of the text."""
    if line is None:
        return None
    for unit in units:
        if unit.cell == cell:
            lines = unit.source.split("\n")
            if 0 < line <= len(lines):
                return one_line(lines[line - 1], SOURCE_LINE) or None
    return None
