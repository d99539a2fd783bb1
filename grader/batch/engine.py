"""Grading one task after another, in a local grading process or in a Dask worker."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import msgspec

from grader.api import require
from grader.batch.messages import Lost, Result, Setup, Task
from grader.cases import Secret
from grader.classbook.behaviour import Behaviour, Observer
from grader.classbook.facts import facts_of
from grader.errors import ExerciseError
from grader.execution import Confinement, open_runner
from grader.exercise import load_exercise, load_solutions
from grader.grading import Grader
from grader.log import log_fault, reason_of
from grader.model import (
    Case,
    Execution,
    Exercise,
    Fault,
    Isolation,
    Loading,
    Outcome,
    Report,
    Solutions,
    Submission,
)
from grader.render import render
from grader.submission import alike, parse_submission
from grader.submission.modules import with_modules
from grader.submission.reading import digest_of


class Engine:
    """A warm grader of one exercise; `grade` may be called from several threads."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Load the exercise and start the template.

        Raises what the command that the batch belongs to reports: ExerciseError, IsolationError.
        """
        exercise, solutions = load_pair(self._setup)
        confinement = Confinement(**(self._setup.confinement or {}))
        opened = open_runner(
            exercise, solutions=solutions.folder, confinement=confinement
        )
        with contextlib.ExitStack() as stack:
            runner = stack.enter_context(opened)
            require(runner.isolation, self._setup.require_isolation)
            self._stack = stack.pop_all()
        self._exercise = exercise
        secret = Secret(self._setup.secret, self._setup.secret_source)
        self._grader = Grader(exercise, solutions, secret, runner)
        self._observer = Observer(exercise, solutions, secret.value, runner)
        self.isolation: Isolation = runner.isolation
        return self

    def __exit__(self, *_: object) -> None:
        """End the template."""
        self._stack.close()

    def grade(self, task: Task) -> Result:
        """Grade one submission; nothing that a student hands in makes this raise."""
        submission = submission_of(task, self._exercise)
        report, fault, _ = self._grader.judge(submission, task.notes)
        if fault is not None:
            log_fault(task.name, fault)
        behaviour = self._observer.behaviour(submission, report)
        return _result(submission, task, report, fault, behaviour)


def import_for_grading() -> None:
    """Import what grading the first submission would, for all processes that are forked from here.

    Each of them would take 50 ms for it.
    """
    import numpy.random  # noqa: F401 - numpy imports it only when something is drawn

    import grader.diagnose.load  # noqa: F401 - what is right needs no diagnosis
    from grader.classbook.student_page import compile_templates

    compile_templates()


def submission_of(task: Task, exercise: Exercise) -> Submission:
    """Return what a task hands in, as text."""
    alone = parse_submission(task.file_name, task.data, exercise)
    parsed = with_modules(alone, task.modules, exercise)
    # Parsing goes by the file's suffix; only now may the student's name take its place.
    submission = msgspec.structs.replace(parsed, name=task.name)
    if task.fault is not None:
        return msgspec.structs.replace(
            submission, fault=Fault(message=task.fault)
        )
    return submission


class _DeadRunner:
    """Stands for a runner whose process died: every call is the grader's own failure."""

    def __init__(self, lost: Lost) -> None:
        self.isolation = lost.isolation
        self._reason = lost.reason

    def run(
        self,
        _submission: Submission,
        cases: Callable[[], Sequence[Case]],
        _probe: object = None,
    ) -> Execution:
        """Answer for every trial that the grader failed."""
        outcome = Outcome(kind="grader_error", reason=self._reason)
        trials = sum(len(case.trials) for case in cases())
        return Execution(
            loading=Loading(state="ready"),
            outcomes=(outcome,) * trials,
            isolation=self.isolation,
        )


def lost_result(
    task: Task,
    lost: Lost,
    exercise: Exercise,
    solutions: Solutions,
    secret: Secret,
) -> Result:
    """Return the report of a submission that nobody could grade: no score, and why."""
    submission = Submission(
        name=task.name,
        kind="notebook"
        if task.file_name.lower().endswith(".ipynb")
        else "python",
        digest=digest_of(task.data),
        units=(),
    )
    grader = Grader(exercise, solutions, secret, _DeadRunner(lost))
    report, fault, _ = grader.judge(submission)
    return _result(submission, task, report, fault)


def _result(
    submission: Submission,
    task: Task,
    report: Report,
    fault: Exception | None,
    behaviour: Behaviour | None = None,
) -> Result:
    # Importing Jinja takes longer than the owner of a batch may take to say that it is refused.
    from grader.classbook.student_page import student_page

    reason = reason_of(fault) if fault else None
    return Result(
        number=task.number,
        report=report_bytes(report),
        page=student_page(report, submission),
        facts=facts_of(report, alike(submission), reason, behaviour),
    )


def load_pair(setup: Setup) -> tuple[Exercise, Solutions]:
    """Load both halves of the exercise; raise ExerciseError where one changed meanwhile."""
    exercise = load_exercise(Path(setup.exercise))
    solutions = load_solutions(exercise, Path(setup.solutions))
    expected = (setup.exercise_digest, setup.solutions_digest)
    if (exercise.digest, solutions.digest) != expected:
        raise ExerciseError(
            f"{setup.exercise}: the exercise changed while the batch ran; run the command again"
        )
    return exercise, solutions


def report_bytes(report: Report) -> bytes:
    """Return what `OUT/reports/NAME.json` holds: the same text as `--format json`."""
    return render(report, "json", "instructor").encode(
        "utf-8", "backslashreplace"
    )
