"""Grading one task after another, in whatever process: a local worker's, or a Dask worker's."""

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader.api import require
from grader.batch.messages import Lost, Result, Setup, Task
from grader.cases import Secret
from grader.classbook.facts import facts_of
from grader.errors import ExerciseError
from grader.execution import Confinement, open_runner
from grader.exercise import load_exercise, load_solutions
from grader.grading import Grader
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


class Engine:
    """A warm grader of one exercise; `grade` may be called from several threads."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Load the exercise and start the template; raises the errors of the command that the batch belongs to."""
        exercise, solutions = load_pair(self._setup)
        confinement = (
            Confinement(**self._setup.confinement)
            if self._setup.confinement
            else Confinement()
        )
        with contextlib.ExitStack() as stack:
            runner = stack.enter_context(
                open_runner(
                    exercise, solutions=solutions.folder, confinement=confinement
                )
            )
            require(runner.isolation, self._setup.require_isolation)
            self._stack = stack.pop_all()
        self._exercise = exercise
        self._grader = Grader(
            exercise,
            solutions,
            Secret(self._setup.secret, self._setup.secret_source),
            runner,
        )
        self.isolation: Isolation = runner.isolation
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the template."""
        self._stack.close()

    def grade(self, task: Task) -> Result:
        """Grade one submission; never raises for what the student handed in."""
        submission = self._submission(task)
        report = self._grader.grade(submission)
        if task.notes:
            report = msgspec.structs.replace(report, notes=(*task.notes, *report.notes))
        return Result(
            number=task.number,
            report=report_bytes(report),
            page=page_bytes(report),
            facts=facts_of(report, alike(submission)),
        )

    def _submission(self, task: Task) -> Submission:
        # The student's name takes the place of the file's only now: parsing goes by the suffix.
        submission = msgspec.structs.replace(
            parse_submission(task.file_name, task.data, self._exercise), name=task.name
        )
        if task.fault is not None:
            return msgspec.structs.replace(submission, fault=Fault(message=task.fault))
        return submission


class _Dead:
    """Stands for a runner whose process died: every call is the grader's own failure."""

    def __init__(self, lost: Lost) -> None:
        self.isolation = lost.isolation
        self._reason = lost.reason

    def run(
        self, _submission: Submission, cases: Callable[[], Sequence[Case]]
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
    task: Task, lost: Lost, exercise: Exercise, solutions: Solutions, secret: Secret
) -> Result:
    """Return the report of a submission that nobody could grade: no score, and why."""
    submission = Submission(
        name=task.name,
        kind="notebook" if task.file_name.lower().endswith(".ipynb") else "python",
        digest=f"sha256:{hashlib.sha256(task.data).hexdigest()}",
        units=(),
    )
    report = Grader(exercise, solutions, secret, _Dead(lost)).grade(submission)
    return Result(
        number=task.number,
        report=report_bytes(report),
        page=page_bytes(report),
        facts=facts_of(report, None),
    )


def load_pair(setup: Setup) -> tuple[Exercise, Solutions]:
    """Load both halves of the exercise, and refuse those that changed since the batch began."""
    exercise = load_exercise(Path(setup.exercise))
    solutions = load_solutions(exercise, Path(setup.solutions))
    if (exercise.digest, solutions.digest) != (
        setup.exercise_digest,
        setup.solutions_digest,
    ):
        raise ExerciseError(
            f"{setup.exercise}: the exercise changed while the batch ran; run the command again"
        )
    return exercise, solutions


def report_bytes(report: Report) -> bytes:
    """Return what `OUT/reports/NAME.json` holds: the same text as `--format json`."""
    return render(report, "json", "instructor").encode("utf-8", "backslashreplace")


def page_bytes(report: Report) -> bytes:
    """Return what `OUT/reports/NAME.html` holds."""
    return render(report, "html", "instructor").encode("utf-8", "backslashreplace")
