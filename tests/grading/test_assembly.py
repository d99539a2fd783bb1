"""From one execution to its report: order, verdicts, and what must not be asked."""

from collections.abc import Callable, Sequence
from typing import NoReturn

import msgspec
import pytest

from grader.cases import example_cases
from grader.diagnose import Catalogue
from grader.grading.assembly import RunnerFailedError, assemble
from grader.grading.right import Right
from grader.model import (
    Execution,
    Exercise,
    Isolation,
    Loading,
    Outcome,
    Raised,
    Report,
    Skipped,
    Status,
    Trial,
    Verdict,
)
from grader.submission import parse_submission

Assemble = Callable[..., Report]
SOURCE = b"def convolve(image, kernel):\n    return image\n"


def unasked() -> NoReturn:
    """Fail: nothing failed, so nobody may ask for the catalogue."""
    raise AssertionError


@pytest.fixture
def report_on(exercise: Exercise) -> Assemble:
    """Return a function that assembles outcomes of the examples, taken as trials of one case."""

    def report_on(
        outcomes: Sequence[Outcome],
        loading: Loading | None = None,
        catalogue: Callable[[], Catalogue] = lambda: Catalogue({}, {}),
        known: int | None = None,
    ) -> Report:
        case = example_cases(exercise)[0]
        example = exercise.examples[0]
        trials = [
            Trial(case=case.name, name=f"trial {n}", args=example.args)
            for n, _ in enumerate(outcomes)
        ]
        case = msgspec.structs.replace(case, trials=tuple(trials))
        execution = Execution(
            loading=loading or Loading(state="ready"),
            outcomes=tuple(outcomes),
            isolation=Isolation("full", ("mechanism",)),
        )
        submission = parse_submission("a.py", SOURCE, exercise)
        submission = msgspec.structs.replace(submission, notes=("of the text",))
        known = len(outcomes) if known is None else known
        expected = [[Right(example.expected)] * known]
        notes = ("of the caller",)
        return assemble(
            exercise, submission, [case], expected, execution, catalogue, notes
        )

    return report_on


@pytest.fixture
def right(exercise: Exercise) -> Outcome:
    """Return the outcome of a right call."""
    value = exercise.examples[0].expected
    return Outcome(
        kind="returned", value=value, type_name="ndarray", duration_s=0.25
    )


RAISED = Outcome(kind="raised", raised=Raised(type="KeyError", message="a"))
NOT_RUN = Outcome(kind="not_run", reason="the worker was gone")


def test_nothing_is_diagnosed_if_all_is_right(
    report_on: Assemble, right: Outcome
) -> None:
    """The catalogue, which takes long to load, is not even asked for."""
    report = report_on([right, right], catalogue=unasked)
    (case,) = report.cases
    assert (case.verdict, case.score, case.duration_s) == (
        Verdict.PASSED,
        1.0,
        0.5,
    )
    assert report.isolation == Isolation("full", ("mechanism",))


@pytest.mark.parametrize(
    ("outcomes", "verdict", "trial", "passed"),
    [
        (["right", RAISED, NOT_RUN], Verdict.RAISED, "trial 1", 1),
        ([NOT_RUN, RAISED], Verdict.RAISED, "trial 1", 0),
        ([NOT_RUN, NOT_RUN], Verdict.NOT_RUN, "trial 0", 0),
        (["right", "right", NOT_RUN], Verdict.NOT_RUN, "trial 2", 2),
    ],
)
def test_a_case_is_told_by_its_first_failed_trial_that_ran(
    report_on: Assemble,
    right: Outcome,
    outcomes: list[Outcome | str],
    verdict: Verdict,
    trial: str,
    passed: int,
) -> None:
    """A trial that was not run only speaks for its case if no other trial failed."""
    real = [right if isinstance(one, str) else one for one in outcomes]
    (case,) = report_on(real).cases
    assert (case.verdict, case.score) == (verdict, 0.0)
    assert (case.details.trial, case.details.passed_trials) == (trial, passed)
    assert case.details.trials == len(outcomes)


@pytest.mark.parametrize("reason", ["the disk is full", None])
def test_one_call_that_failed_by_our_fault_costs_no_points(
    report_on: Assemble, right: Outcome, reason: str | None
) -> None:
    """One `grader_error` among the outcomes is raised as a fault of ours, with its reason."""
    ours = Outcome(kind="grader_error", reason=reason)
    with pytest.raises(
        RunnerFailedError, match=reason or "no reason was given"
    ):
        report_on([right, RAISED, ours])


def test_notes_are_in_order(report_on: Assemble, right: Outcome) -> None:
    """Notes of the text come first, then what loading skipped, then those of the caller."""
    skipped = Skipped(
        line=1, cell=None, raised=Raised(type="KeyError", message="a")
    )
    loading = Loading(state="ready", skipped=(skipped,))
    first, second, third = report_on([right], loading=loading).notes
    assert (first, third) == ("of the text", "of the caller")
    assert "KeyError" in second


def test_a_function_that_is_missing_is_a_fault(report_on: Assemble) -> None:
    """If loading found no function, the submission is not gradable, and notes are kept."""
    loading = Loading(state="no_function", functions=("other",))
    report = report_on([NOT_RUN], loading=loading)
    assert (report.status, report.score) == (Status.NOT_GRADABLE, 0.0)
    assert report.notes == ("of the text", "of the caller")


@pytest.mark.parametrize("known", [0, 1, 3])
def test_every_trial_has_its_own_expected_value(
    report_on: Assemble, right: Outcome, known: int
) -> None:
    """Two trials with another number of expected values are an error, and never a verdict."""
    with pytest.raises(ValueError, match="zip"):
        report_on([right, right], known=known)


def test_every_case_has_its_own_expected_values(
    exercise: Exercise, right: Outcome
) -> None:
    """A case without a list of expected values is an error, and is not left out of the report."""
    cases = example_cases(exercise)
    outcomes = (right,) * len(cases)
    submission = parse_submission("a.py", SOURCE, exercise)
    execution = Execution(
        loading=Loading(state="ready"),
        outcomes=outcomes,
        isolation=Isolation("full", ()),
    )
    expected = [[Right(exercise.examples[0].expected)]]
    with pytest.raises(ValueError, match="zip"):
        assemble(exercise, submission, cases, expected, execution, unasked)
