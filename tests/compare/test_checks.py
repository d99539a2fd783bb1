"""Checks of the exercise's own replace the comparison, and their faults are nobody's grade."""

from typing import Any

import numpy as np
import pytest

from grader.compare import Checks, compare
from grader.model import (
    Call,
    Earlier,
    Finding,
    Outcome,
    Parameter,
    Target,
    Tolerance,
    Trial,
    Verdict,
)

TARGET = Target(
    name="top_k",
    parameters=(
        Parameter(name="scores"),
        Parameter(name="k", optional=True, default="2"),
    ),
)
SCORES = np.array([1.0, 5.0, 3.0])


def top_k(answer: Any, scores: Any, k: Any, expected: Any) -> Any:
    """Take the positions in any order."""
    scores[:] = 0  # which reaches nobody: it is a copy
    if sorted(answer) == sorted(expected):
        return None
    return f"Not the {k} largest <b>of</b> {len(scores)}."


def judged(value: Any, check: Any = top_k, **changes: Any) -> Finding:
    """Judge a result of one call."""
    trial = Trial(
        case="any",
        name="t",
        args=(SCORES,),
        names=("scores",),
        calls=(Call(name="top_k", args=(SCORES,), names=("scores",)),),
        **changes,
    )
    outcome = Outcome(kind="returned", value=value, type_name="list")
    checks = Checks(
        functions={check.__name__: check},
        targets=(TARGET,),
        file="check.py",
    )
    return compare(trial, outcome, [1, 2], Tolerance(), checks=checks)


def test_a_check_of_a_function_decides() -> None:
    """It gets the arguments by name, defaults too, and its sentence is the finding."""
    assert judged([2, 1]).verdict is Verdict.PASSED
    finding = judged([0, 1])
    assert (finding.verdict, finding.rung) == (Verdict.WRONG_VALUES, "check")
    assert finding.sentence == "Not the 2 largest <b>of</b> 3."
    assert SCORES.tolist() == [1.0, 5.0, 3.0]


def test_a_check_of_a_case_decides_about_all_of_it() -> None:
    """It is named as the case is, and gets what the case yielded."""

    def any(answer: Any, expected: Any) -> Any:  # noqa: A001 - the name of the case
        return None if len(answer) == len(expected) else "Another length."

    assert judged([7, 7], any).verdict is Verdict.PASSED
    assert judged([7], any).sentence == "Another length."


def test_a_check_is_asked_about_the_part_that_its_function_gave() -> None:
    """The other parts are compared as ever."""
    trial = Trial(
        case="c",
        name="t",
        args=(),
        calls=(
            Call(name="top_k", args=(SCORES,), names=("scores",)),
            Call(name="other"),
        ),
        result=(Earlier(0), Earlier(1)),
    )
    checks = Checks(functions={"top_k": top_k}, targets=(TARGET,))

    def part(value: Any) -> tuple[Any, ...]:
        outcome = Outcome(kind="returned", value=value, type_name="tuple")
        expected = ([1, 2], 3)
        finding = compare(trial, outcome, expected, Tolerance(), checks=checks)
        return finding.part

    assert part(([2, 1], 3)) == ()
    assert part(([2, 0], 3)) == (0,)
    assert part(([2, 1], 4)) == (1,)


@pytest.mark.parametrize("said", [True, False, 0, "", " ", ["no"]])
def test_what_a_check_must_not_say_is_a_fault_of_the_exercise(
    said: Any,
) -> None:
    """None is right and a sentence is wrong; all else names the check and its line."""

    def top_k(answer: Any) -> Any:  # noqa: ARG001 - it says what it says
        return said

    finding = judged([1, 2], top_k)
    assert finding.verdict is Verdict.GRADER_ERROR
    assert (finding.sentence or "").startswith("check.py:")
    assert "top_k gave" in (finding.sentence or "")


def test_a_check_that_raises_is_a_fault_of_the_exercise() -> None:
    """It costs no submission anything, and says where it is."""

    def top_k(answer: Any) -> Any:
        return answer.shape

    finding = judged([1, 2], top_k)
    assert finding.verdict is Verdict.GRADER_ERROR
    assert "top_k raised AttributeError" in (finding.sentence or "")
