"""The whole story of one grade, as a text to send to the student who disputes it. Pure.

It names what was given to the function, what had to come back, what came back, and a script that
shows the same on the student's own machine. Nothing of it is the instructor's business alone: no
ids of misconceptions, no digests, no isolation.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from grader.classbook.grades import GradedStudent
from grader.model import (
    Array,
    CaseReport,
    Random,
    Report,
    Status,
    Value,
    Verdict,
)
from grader.render.prose import message, notes_for
from grader.untrusted import one_line
from grader.vocabulary import points, was

_WIDTH: Final = 88
_LINE: Final = 1000
_DIGITS: Final = 5
_MOST_SHOWN: Final = 2000
"""Cells of an array that a letter can hold."""


class Call(NamedTuple):
    """What was asked of the student's code where it did not give what it should."""

    inputs: Mapping[str, Value]
    expected: Value
    lines: tuple[str, ...] = ()
    """Calls that print what they give; empty for one of the function with the inputs in order."""


def story(
    student: GradedStudent,
    report: Report,
    function: str,
    calls: Mapping[str, Call],
) -> str:
    """Return the text; `calls` has the call to show of each case that failed."""
    lines = [
        f"{one_line(report.exercise.title)}: how this grade came about",
        _whose(student),
        "",
        *_grade(student, report),
    ]
    if report.status is Status.GRADED:
        lines += ["", "CASE BY CASE", *_cases(report)]
        for case in _worth_showing(report.cases, calls):
            lines += ["", *_one(case, function, calls[case.name])]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def nothing(student: GradedStudent) -> str:
    """Return the text for a student who handed in nothing."""
    told = one_line(student.grade.comment, _LINE)
    return f"{_whose(student)}\n\n{told}\n"


def _whose(student: GradedStudent) -> str:
    who = student.student
    known = f"{one_line(who.name)} ({one_line(who.id)})"
    parts = [known if who.id else one_line(who.name), one_line(who.file)]
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _grade(student: GradedStudent, report: Report) -> Iterator[str]:
    yield message(report)
    if report.status is not Status.GRADER_ERROR:
        yield f"Your code earned {points(report.score, report.max_score)}."
    yield from (one_line(each, _LINE) for each in student.told(report))
    yield from (
        one_line(note, _LINE)
        for note in notes_for(student.shown(report), "student")
        if note not in student.told(report)
    )


def _cases(report: Report) -> Iterator[str]:
    told: dict[tuple[str, ...], str] = {}
    for case in report.cases:
        name = one_line(case.name)
        earned = points(case.score, case.max_score)
        yield f"- {name}, {earned}: {one_line(case.message, _LINE)}"
        hints = tuple(one_line(hint.text, _LINE) for hint in case.hints)
        before = told.setdefault(hints, name)
        if hints and before != name:
            yield f"  The reason is that of {before}."
        else:
            yield from (f"  {hint}" for hint in hints)


def _worth_showing(
    cases: Iterable[CaseReport], calls: Mapping[str, Call]
) -> Iterator[CaseReport]:
    """Yield the smallest of the cases that failed in one way."""
    found: dict[object, CaseReport] = {}
    for case in sorted(cases, key=lambda case: _size(calls.get(case.name))):
        if case.verdict is not Verdict.PASSED and case.name in calls:
            way = (case.verdict, tuple(hint.text for hint in case.hints))
            found.setdefault(way, case)
    yield from found.values()


def _size(call: Call | None) -> int:
    return 0 if call is None else int(np.size(_array(call.expected)))


def _array(value: Value) -> Array:
    """Return an array; an empty one in place of any other value."""
    return value if isinstance(value, np.ndarray) else np.empty(0)


def _one(case: CaseReport, function: str, call: Call) -> Iterator[str]:
    details = case.details
    yield f"THE CASE {one_line(case.name)}"
    passed, trials = details.passed_trials or 0, details.trials or 1
    if trials > 1:
        yield f"Your function was called {trials} times, with other inputs each time."
        yield f"{passed} of the {trials} results {was(passed)} right. The first that was not:"
    yield ""
    yield "What had to come back:"
    yield from _shown(call.expected)
    if details.actual is not None:
        yield ""
        part = f" there ({one_line(details.part)})" if details.part else ""
        yield f"What your function gave{part}:"
        yield from _shown(_as_numbers(details.actual))
    yield ""
    yield "To see it yourself, run this below your function, in the same file or notebook:"
    yield ""
    for line in _script(function, call, case.verdict):
        yield f"    {line}" if line else ""


def _script(function: str, call: Call, verdict: Verdict) -> Iterator[str]:
    yield "import numpy as np"
    yield ""
    for name, value in call.inputs.items():
        yield from _assignment(name, value)
    yield from _assignment("expected", call.expected)
    yield ""
    if call.lines:
        yield from call.lines
        yield "print(expected)"
        return
    changes = verdict is Verdict.MODIFIED_INPUT
    if changes:
        yield f"before = [each.copy() for each in ({', '.join(call.inputs)},)]"
    yield f"result = {function}({', '.join(call.inputs)})"
    yield "print(result)"
    yield 'print("as expected:", np.shape(result) == expected.shape'
    yield "      and np.allclose(result, expected))"
    if changes:
        yield f'print("unchanged:", all(map(np.array_equal, ({", ".join(call.inputs)},), before)))'


def _assignment(name: str, value: Value) -> Iterator[str]:
    if not isinstance(value, np.ndarray):
        yield f"{name} = {_code(value)}"
        return
    array = value
    text = _text(array, ", ")
    first, *rest = text.split("\n")
    start = f"{name} = np.array("
    yield start + first + (f", dtype=np.{array.dtype})" if not rest else "")
    for at, line in enumerate(rest, 1):
        end = f", dtype=np.{array.dtype})" if at == len(rest) else ""
        yield " " * len(start) + line + end


def _code(value: Value) -> str:
    """Return a value as Python writes it; arrays in it as NumPy does."""
    if isinstance(value, Random):
        return f"np.random.Generator(np.random.{value.kind}())  # in the state of the test"
    with np.printoptions(threshold=sys.maxsize, floatmode="unique"):
        text = re.sub(r"\barray\(", "np.array(", repr(value))
    return " ".join(text.split())


def _shown(value: Value) -> Iterator[str]:
    if not isinstance(value, np.ndarray):
        yield f"    {one_line(repr(value), _LINE)}"
        return
    array = value
    if array.size > _MOST_SHOWN:
        size = " x ".join(map(str, array.shape))
        yield f"    (an array of {size} values)"
        return
    for line in _text(array, " ").split("\n"):
        yield f"    {line}"


def _text(array: Array, separator: str) -> str:
    is_code = separator == ", "
    text = np.array2string(
        array,
        separator=separator,
        threshold=sys.maxsize,
        max_line_width=_WIDTH,
        precision=None if is_code else _DIGITS,
        floatmode="unique" if is_code else "maxprec",
        suppress_small=not is_code,
    )
    if not is_code:
        return text
    return text.replace("nan", "np.nan").replace("inf", "np.inf")


def _as_numbers(shown: Value) -> Value:
    """Return what a report shows as an array, if it is one of numbers."""
    try:
        return as_array(shown)
    except (TypeError, ValueError):
        return shown


def as_array(cells: Any) -> Array:  # noqa: ANN401 - nested lists of a report
    """Return the numbers of a report as an array, in which `nan` and `inf` are text."""
    return np.array(cells, dtype=np.float64)
