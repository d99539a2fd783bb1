"""Grade against the public examples: nothing here needs `solutions/`."""

from typing import TYPE_CHECKING

from grader.cases import example_cases
from grader.grading.assembly import (
    Runner,
    RunnerFailedError,
    assemble,
    fault_hints,
)
from grader.grading.drafts import Draft
from grader.grading.right import Right
from grader.log import log_fault
from grader.model import Exercise, Report, Submission
from grader.submission.elsewhere import absence_notes

if TYPE_CHECKING:
    from grader.diagnose import Catalogue


def check(exercise: Exercise, submission: Submission, runner: Runner) -> Report:
    """Run the public examples of an exercise, and judge what came back.

    The reason of a fault of ours is logged (`grader.log`).
    """
    cases = example_cases(exercise)

    def catalogue() -> "Catalogue":
        # Not for what is right.
        from grader.diagnose import load_public_catalogue

        return load_public_catalogue(exercise)

    if submission.fault is not None:
        hints = fault_hints(submission.fault, catalogue)
        draft = Draft(exercise, submission, cases, runner.isolation)
        return draft.not_gradable(submission.fault, hints)
    execution = runner.run(submission, lambda: cases)
    right = [
        [Right(example.expected, example.others)]
        for example in exercise.examples
    ]
    absent = absence_notes(exercise, submission)
    try:
        return assemble(
            exercise,
            submission,
            cases,
            right,
            execution,
            catalogue,
            notes=absent,
        )
    except RunnerFailedError as fault:
        log_fault(submission.name, fault)
        return Draft(
            exercise, submission, cases, runner.isolation
        ).grader_error()
