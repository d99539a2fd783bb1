"""What an unexplained submission does with inputs that are the same for the whole class.

Each submission is graded with inputs of its own, so wrong answers cannot be compared by what they
gave. A submission whose failures no misconception explains is run once more, on common inputs that
are drawn from the secret. That run counts for nothing but the comparison (`unexplained`).
"""

import ast
import functools
import re
import zlib
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from grader.cases import draw_cases
from grader.classbook.values import taken_apart
from grader.compare import numbers_of, result_of
from grader.grading import Runner
from grader.model import (
    Array,
    Case,
    Exercise,
    Outcome,
    Report,
    Solutions,
    Status,
    Submission,
    Verdict,
)
from grader.submission.bindings import Binding
from grader.submission.nodes import walk
from grader.submission.program import Program, read_program
from grader.submission.scope import Function
from grader.untrusted import bounded, one_line

COMMON: Final = "the common inputs of a class"
"""Stands where the digest of a submission stands for its own inputs."""

_CAN_BE_GROUPED: Final = frozenset(
    {
        Verdict.WRONG_TYPE,
        Verdict.WRONG_SHAPE,
        Verdict.WRONG_VALUES,
        Verdict.MODIFIED_INPUT,
        Verdict.RAISED,
    }
)
_MOST_VALUES: Final = 20_000
"""Of all calls together. What gives more is compared by its shapes alone."""
_MOST_CODE: Final = 3000
_MOST_FUNCTIONS: Final = 5
_MOST_TEXT: Final = 200
_VARIES: Final = re.compile(r"0x[0-9a-fA-F]+|\b[Ll]ine \d+|\b[Cc]ell \d+")
"""What differs in messages between files and runs: addresses, and places in the source."""


class Given(msgspec.Struct, frozen=True):
    """What one call gave, without its numbers."""

    what: str
    """The type of the result, or the exception and its message."""
    shape: tuple[int, ...] = ()
    changed: bool = False
    """Whether it changed an argument."""
    counted: int = 0
    """How many numbers it has in `Behaviour.values`."""


class Behaviour(msgspec.Struct, frozen=True):
    """What a submission gave for all common inputs, and its code."""

    calls: tuple[Given, ...]
    values: bytes
    """The numbers of all calls, as float64, compressed."""
    code: str

    def numbers(self) -> Array:
        """Return the numbers of all calls."""
        return np.frombuffer(zlib.decompress(self.values), "<f8")


def common_cases(
    exercise: Exercise, solutions: Solutions, secret: bytes
) -> Sequence[Case]:
    """Return the cases with the common inputs."""
    return draw_cases(exercise, solutions, COMMON, secret)


class Observer:
    """Runs what is unexplained on the common inputs."""

    def __init__(
        self,
        exercise: Exercise,
        solutions: Solutions,
        secret: bytes,
        runner: Runner,
    ) -> None:
        self._exercise = exercise
        self._runner = runner
        # Most classes have something unexplained, but a batch of one may not.
        self._cases = functools.cache(
            functools.partial(common_cases, exercise, solutions, secret)
        )

    def behaviour(
        self, submission: Submission, report: Report
    ) -> Behaviour | None:
        """Return what a submission does with the common inputs; None where its report explains it.

        None too if the run failed by a fault of ours: the grade does not depend on it.
        """
        if not is_unexplained(report):
            return None
        execution = self._runner.run(submission, self._cases)
        kinds = {outcome.kind for outcome in execution.outcomes}
        if execution.loading.state != "ready" or "grader_error" in kinds:
            return None
        names = [target.name for target in self._exercise.targets]
        return _behaviour(
            execution.outcomes,
            _code(submission, names or [self._exercise.function]),
        )


def is_unexplained(report: Report) -> bool:
    """Return whether some case failed by what came back, and no misconception says why.

    What ran into a limit is left out: it would do so again.
    """
    if report.status is not Status.GRADED:
        return False
    failed = [
        case for case in report.cases if case.verdict is not Verdict.PASSED
    ]
    if any(case.verdict not in _CAN_BE_GROUPED for case in failed):
        return False
    return any(not case.hints for case in failed)


def _behaviour(outcomes: Sequence[Outcome], code: str) -> Behaviour:
    calls: list[Given] = []
    numbers: list[Array] = []
    left = _MOST_VALUES
    for outcome in outcomes:
        values = _numbers(outcome)
        if len(values) > left:
            values = values[:0]
        left -= len(values)
        numbers.append(values)
        calls.append(_given(outcome, len(values)))
    together = np.concatenate(numbers) if numbers else np.empty(0)
    packed = zlib.compress(together.astype("<f8").tobytes(), 1)
    return Behaviour(tuple(calls), packed, code)


def _numbers(outcome: Outcome) -> Array:
    return taken_apart(result_of(outcome))[1]


def _given(outcome: Outcome, counted: int) -> Given:
    if outcome.kind == "raised" and outcome.raised is not None:
        message = _VARIES.sub("...", outcome.raised.message)
        text = one_line(f"{outcome.raised.type}: {message}", _MOST_TEXT)
        return Given(text.removesuffix(": "))
    if outcome.kind != "returned":
        return Given(outcome.kind)
    result = result_of(outcome)
    numbers = numbers_of(result)
    what = outcome.type_name or ""
    if numbers is None:
        what = f"{what}: {taken_apart(result)[0]}"
    return Given(
        one_line(what, _MOST_TEXT),
        () if numbers is None else numbers.shape,
        outcome.args_after is not None,
        counted,
    )


def _code(submission: Submission, functions: Sequence[str]) -> str:
    """Return the text of what is graded and of the student's functions that it names."""
    program = read_program(submission.units)
    lines = {unit.cell: unit.source.split("\n") for unit in submission.units}
    wanted, parts = [*functions], []
    for name in wanted:
        found = _definition(program, name)
        if found is None:
            continue
        binding, node = found
        text = lines.get(binding.cell, [])
        parts.append("\n".join(text[node.lineno - 1 : node.end_lineno]))
        for each in walk(node):
            if not isinstance(each, ast.Name) or each.id in wanted:
                continue
            if len(wanted) < _MOST_FUNCTIONS and program.function(each.id):
                wanted.append(each.id)
    whole = "\n\n".join(parts) or "\n".join(map("\n".join, lines.values()))
    return bounded(whole, _MOST_CODE)


def _definition(
    program: Program, name: str
) -> tuple[Binding, Function | ast.ClassDef] | None:
    """Return the function or the class of a name."""
    found = program.function(name)
    last = program.last(name)
    if found is None and last and isinstance(last.node, ast.ClassDef):
        return last, last.node
    return found
