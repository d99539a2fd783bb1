"""Grade against the public examples: nothing here needs `solutions/`."""

import functools

from grader.cases import example_cases
from grader.diagnose import load_public_catalogue
from grader.grading.assembly import Runner, assemble, fault_hints
from grader.grading.drafts import Draft
from grader.model import Exercise, Report, Submission


def check(exercise: Exercise, submission: Submission, runner: Runner) -> Report:
    """Run the public examples of an exercise, and judge what came back."""
    cases = example_cases(exercise)
    catalogue = functools.partial(load_public_catalogue, exercise)
    if submission.fault is not None:
        hints = fault_hints(submission.fault, catalogue)
        draft = Draft(exercise, submission, cases, runner.isolation)
        return draft.not_gradable(submission.fault, hints)
    execution = runner.run(submission, lambda: cases)
    expected = [[example.expected] for example in exercise.examples]
    return assemble(exercise, submission, cases, expected, execution, catalogue)
