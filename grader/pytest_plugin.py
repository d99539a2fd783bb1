"""A pytest plugin: `pytest --grader-submission=FILE` collects each hidden case as one test item.

    pytest --grader-submission=convolve.py [--grader-exercise=NAME] [--grader-solutions=DIR] [-x]

A case that did not pass is a failure whose text is the finding and the hint, without a traceback.
If the submission cannot be graded, every item fails with the one line that says why. A fault of the
grader is an error, never a failure.

The student's code runs in the confined worker and is never imported here. That is also why the
submission is an option and not a path to collect: pytest would import a .py file that it is given,
and every conftest.py beside it. `pytest_guard` refuses what it would take from there all the same.

Without `--grader-submission` this module defines three options and does nothing. It imports the
rooms that grade only where it uses them.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr, TracebackStyle

    from grader.grading import Grader
    from grader.model import CaseReport, Report
    from grader.submission import HandedIn

_BENCHES = pytest.StashKey["_Benches"]()


class CaseFailedError(Exception):
    """A case did not pass; the message is what the student reads."""


class GraderFaultError(Exception):
    """The grader itself failed; the submission is not to blame."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Define the options."""
    group = parser.getgroup("grader", "grading a submission")
    group.addoption(
        "--grader-submission",
        action="append",
        default=[],
        metavar="FILE",
        help="grade this .py or .ipynb file, one test per hidden case; write it with = (may be "
        "repeated)",
    )
    group.addoption(
        "--grader-exercise",
        metavar="NAME|DIR",
        help="the exercise (default: the only one, else the one whose function FILE defines, else "
        "convolution)",
    )
    group.addoption(
        "--grader-solutions",
        metavar="DIR",
        help="the hidden half (default: $GRADER_SOLUTIONS, else what `grader trust` wrote)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser
) -> None:
    """Refuse a student's configuration before pytest runs a conftest.py."""
    if early_config.known_args_namespace.grader_submission:
        from grader.pytest_guard import refuse_strangers_files

        refuse_strangers_files(early_config, parser)


def pytest_configure(config: pytest.Config) -> None:
    """Collect only the submission if the command line names no path of tests."""
    if not config.getoption("grader_submission"):
        return
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the cases before other plugins select and order, so that `-k` works on them too."""
    files = config.getoption("grader_submission")
    if not files:
        return
    from grader.errors import GraderError
    from grader.submission import HandedIn

    try:
        benches = config.stash[_BENCHES] = _Benches(
            config.getoption("grader_exercise"),
            config.getoption("grader_solutions"),
        )
        for file in files:
            path = _existing(file)
            handed_in = HandedIn.at(path)
            node = SubmissionFile.from_parent(
                session,
                path=path,
                handed_in=handed_in,
                bench=benches.bench_of(handed_in),
            )
            items.extend(node.collect())
    except GraderError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the workers."""
    benches = config.stash.get(_BENCHES, None)
    if benches is not None:
        benches.close()


class _Benches:
    """A bench for each exercise that the submissions of one run are for."""

    def __init__(self, exercise: str | None, solutions: str | None) -> None:
        self._exercise = exercise
        self._solutions = Path(solutions) if solutions else None
        self._benches: dict[Path, _Bench] = {}

    def bench_of(self, handed_in: "HandedIn") -> "_Bench":
        """Return the bench for the exercise that a submission is for."""
        from grader.exercise import public_half_to_grade

        folder = public_half_to_grade(
            self._exercise, self._solutions, handed_in.names
        )
        if folder not in self._benches:
            self._benches[folder] = _Bench(folder, self._solutions)
        return self._benches[folder]

    def close(self) -> None:
        """End the workers."""
        for bench in self._benches.values():
            bench.close()


class _Bench:
    """What all submissions for one exercise share: both of its halves, and one grader.

    The grader is opened when it is first used.
    """

    def __init__(self, public_half: Path, given: Path | None) -> None:
        from grader.exercise import (
            find_solutions,
            load_exercise,
            load_solutions,
        )

        self.exercise = load_exercise(public_half)
        self.folder = find_solutions(self.exercise, given)
        # Names and titles are enough to collect: `--collect-only` runs no student's code.
        cases = load_solutions(self.exercise, self.folder).rows
        self.cases = [(case.name, case.title) for case in cases]
        self._open = ExitStack()
        self._grader: Grader | None = None

    def grade(self, handed_in: "HandedIn") -> "Report":
        """Grade one file and return its report."""
        from grader.api import open_grader

        if self._grader is None:
            opening = open_grader(self.exercise, solutions=self.folder)
            self._grader = self._open.enter_context(opening)
        return self._grader.grade(handed_in.submission(self.exercise))

    def close(self) -> None:
        self._open.close()


class SubmissionFile(pytest.File):
    """One submission; it is graded once, when the first of its cases is set up."""

    # Passed on to pytest's node.
    def __init__(
        self,
        *,
        bench: _Bench,
        handed_in: "HandedIn",
        **others: Any,  # noqa: ANN401 - as above
    ) -> None:
        super().__init__(**others)
        self._bench = bench
        self._handed_in = handed_in
        self._report: Report | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Yield one item per hidden case, without running anything."""
        for name, title in self._bench.cases:
            yield CaseItem.from_parent(self, name=name, title=title)

    def report(self) -> "Report":
        """Return the report on all cases, because the result of one helps to explain another."""
        if self._report is None:
            self._report = self._bench.grade(self._handed_in)
        return self._report


class CaseItem(pytest.Item):
    """One hidden case of one submission."""

    parent: SubmissionFile

    # Passed on to pytest's node.
    def __init__(self, *, title: str, **others: Any) -> None:  # noqa: ANN401
        super().__init__(**others)
        self.title = title
        self._case: CaseReport | None = None

    def setup(self) -> None:
        """Grade. A fault of the grader is raised here, because pytest calls it an error then."""
        from grader.model import Status

        report = self.parent.report()
        by_name = {case.name: case for case in report.cases}
        self._case = by_name.get(self.name)
        missing = self._case is None and report.status is Status.GRADED
        if missing or report.status is Status.GRADER_ERROR:
            raise GraderFaultError(
                f"The grader failed, so nothing was graded: {report.message}"
            )

    def runtest(self) -> None:
        """Pass, or fail with the finding and the hints."""
        from grader.model import Status
        from grader.platforms.telling import passed, points, told
        from grader.untrusted import bounded, one_line

        report, case = self.parent.report(), self._case
        for note in report.notes:
            self.add_report_section("call", "note", one_line(note))
        if report.status is Status.NOT_GRADABLE or case is None:
            raise CaseFailedError(bounded(report.message))
        self.user_properties += [
            ("verdict", case.verdict.value),
            ("score", points(case)),
            ("max_score", case.max_score),
            *(("misconception", hint.misconception) for hint in case.hints),
        ]
        if not passed(case):
            raise CaseFailedError(told(case))

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: "TracebackStyle | None" = None,
    ) -> "str | TerminalRepr":
        """Return only the text for this plugin's own errors, and a traceback for any other."""
        if isinstance(excinfo.value, (CaseFailedError, GraderFaultError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the submission's path and the case's title."""
        return self.path, None, f"{self.path.name}: {self.title}"


def _existing(file: str) -> Path:
    path = Path(file)
    if not os.path.lexists(path):
        raise pytest.UsageError(
            f"{file}: there is no such file (--grader-submission)"
        )
    # Only the folder: a link of a student's may lead to the reference, and is not followed.
    return path.parent.resolve() / path.name
