"""Checks of check.py: it agrees with the reference, finds what is wrong, and never raises."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from grader.authoring.answers import source_of
from grader.authoring.bench import Bench, Check
from grader.authoring.judge import Asked
from grader.authoring.local import Program
from grader.authoring.values import short
from grader.compare.checks import call_by_name, given_arguments
from grader.errors import ExerciseError
from grader.model import Earlier, Unsent, Value, Verdict

_SECRETS: Final = 20
_ODD: Final[tuple[Value, ...]] = (
    *(None, True, 0, -1.5, float("nan"), 2 + 1j, "", "text", b"bytes"),
    *([], [None, "a"], [[1], [2, 3]], (), {}, {"a": [1]}, Unsent("set")),
    *(np.array(3.0), np.zeros((0, 3)), np.array([np.nan, np.inf])),
    *(np.ones((2, 3, 4)), np.array([True]), np.array([1 + 2j])),
)
"""What a student may return, so that a check has to have an answer to it."""

_Function = Callable[..., Any]


def check_checks(bench: Bench) -> Check:
    """Check that check.py agrees with the reference, and that each property finds something."""
    checks = bench.solutions.checks
    if not checks:
        return Check("checks", "there is no check.py: results are compared")
    cases = {case.name for case in bench.judge.draw(0)}
    compared = {target.name for target in bench.exercise.targets} | cases
    faults: list[str] = []
    for name, function in checks.items():
        if name in compared:
            faults += _compared(bench, name, function)
        else:
            faults += _property(bench, name, function)
    properties = sum(name not in compared for name in checks)
    found = f"{len(checks) - properties} in place of the comparison, {properties} properties"
    return Check(
        "checks",
        found,
        tuple(dict.fromkeys(faults)),
    )


def _at(name: str, function: _Function) -> str:
    code = getattr(function, "__code__", None)
    line = f", line {code.co_firstlineno}" if code else ""
    return f"check.py{line}: {name}"


def _asked(bench: Bench) -> Iterator[Asked]:
    for number in range(min(bench.secrets, _SECRETS)):
        yield from bench.judge.asked(number)


def _compared(
    bench: Bench,
    name: str,
    function: _Function,
) -> Iterator[str]:
    """Yield what is wrong with a check that replaces the comparison."""
    judge = bench.judge
    source = (bench.solutions.folder / "reference.py").read_text("utf-8-sig")
    program = Program(bench.exercise, source)
    for asked in _asked(bench):
        finding = judge.finding(
            asked,
            program.outcome(asked.trial),
        )
        if finding.verdict is not Verdict.PASSED and finding.rung == "check":
            yield (
                f"{_at(name, function)}: says {short(finding.sentence)} of what the reference "
                f"gives in case {asked.trial.case!r}"
            )
            return
    for asked, index in _calls(bench, name):
        for answer in _ODD:
            try:
                _said(bench, function, asked, index, answer)
            except ExerciseError as error:
                text = error.faults[0].partition(": ")[2]
                yield (
                    f"{_at(name, function)}: {text}, for the answer {short(answer)}; it has to "
                    "have an answer for any value"
                )
                break
        return


def _calls(
    bench: Bench,
    name: str,
) -> Iterator[tuple[Asked, int]]:
    """Yield the calls whose results a check judges; -1 stands for a whole trial."""
    for asked in bench.judge.asked(0):
        trial = asked.trial
        if trial.case == name:
            yield asked, -1
        elif not trial.calls and bench.exercise.function == name:
            yield asked, 0
        else:
            for number, call in enumerate(trial.calls):
                if call.name == name and call.on is None:
                    yield asked, number


def _said(
    bench: Bench, function: _Function, asked: Asked, index: int, answer: Value
) -> str | None:
    checks = bench.judge.checks
    if checks is None:
        return None
    trial, expected = asked.trial, asked.expected
    if index < 0:
        return checks.whole(function, trial, answer, expected)
    return checks.result(function, trial, index, answer, expected)


# ---- Properties


def _property(
    bench: Bench,
    name: str,
    function: _Function,
) -> Iterator[str]:
    """Yield what is wrong with a property: a fact about the answer that its docstring states."""
    at = _at(name, function)
    if not (function.__doc__ or "").strip():
        yield f"{at}: has no docstring; it is the hint that a student reads"
    source = (bench.solutions.folder / "reference.py").read_text("utf-8-sig")
    reference = Program(bench.exercise, source)
    applied = False
    for asked in _asked(bench):
        for kept in _kept(bench, function, asked, reference):
            applied = True
            if kept is True:
                continue
            what = "does not hold" if kept is False else f"gives {kept}"
            yield f"{at}: {what} for the reference in case {asked.trial.case!r}"
            return
    if not applied:
        wanted = ", ".join(_wanted(function)) or "no parameters"
        yield f"{at}: asks for {wanted}, which no call of a case has; it is never looked at"
        return
    yield from _oddities(bench, function, at)
    if not any(map(_breaks(bench, function), _wrong_sources(bench))):
        yield (
            f"{at}: no known wrong answer breaks it: add one to misconceptions.py, or a sample"
        )


def _wanted(function: _Function) -> list[str]:
    return list(inspect.signature(function).parameters)[1:]


def _kept(
    bench: Bench, function: _Function, asked: Asked, program: Program
) -> Iterator[Any]:
    """Yield what a property says of each result of a trial that it is about."""
    outcome = program.outcome(asked.trial)
    if outcome.kind != "returned":
        return
    for index, value in _results(
        asked.trial.result,
        outcome.value,
    ):
        known = given_arguments(
            asked.trial,
            index,
            bench.exercise.targets,
            bench.exercise.arguments,
        )
        known["expected"] = asked.expected
        if set(_wanted(function)) <= set(known):
            yield _tried(function, value, known)


def _results(
    template: Value,
    value: Value,
) -> Iterator[tuple[int, Value]]:
    """Yield the place of each call whose result is in a trial's, and that result."""
    if isinstance(template, Earlier):
        yield template.index, value
    elif isinstance(template, list | tuple):
        for each, part in zip(
            template,
            value,
            strict=False,
        ):
            yield from _results(each, part)
    elif isinstance(template, dict):
        for key, each in template.items():
            yield from _results(each, value[key])


def _tried(
    function: _Function,
    answer: Value,
    known: dict[str, Value],
) -> Any:  # noqa: ANN401 - as said
    """Return what a property says: a bool, or in words what else it does."""
    try:
        said = call_by_name(function, answer, known)
    except Exception as error:  # noqa: BLE001 - the author's function may raise anything
        return f"{type(error).__name__}: {error}"
    if isinstance(said, bool | np.bool_):
        return bool(said)
    return f"{short(said)}, where True or False is meant,"


def _oddities(
    bench: Bench,
    function: _Function,
    at: str,
) -> Iterator[str]:
    for asked in bench.judge.asked(0):
        known = given_arguments(
            asked.trial, 0, bench.exercise.targets, bench.exercise.arguments
        )
        known["expected"] = asked.expected
        if not set(_wanted(function)) <= set(known):
            continue
        for answer in _ODD:
            said = _tried(function, answer, known)
            if not isinstance(said, bool):
                yield (
                    f"{at}: gives {said} for the answer {short(answer)}; it has to have an answer "
                    "for any value"
                )
                return
        return


def _wrong_sources(bench: Bench) -> Iterator[str]:
    for answer in bench.known():
        yield source_of(bench.exercise, bench.solutions, answer.name)
    folder = bench.solutions.folder / "samples"
    for path in sorted(folder.glob("wrong_*.py")):
        yield path.read_text("utf-8-sig")


def _breaks(
    bench: Bench,
    function: _Function,
) -> Callable[[str], bool]:
    asked = bench.judge.asked(0)

    def breaks(source: str) -> bool:
        program = Program(bench.exercise, source)
        return any(
            kept is False
            for each in asked
            for kept in _kept(bench, function, each, program)
        )

    return breaks
