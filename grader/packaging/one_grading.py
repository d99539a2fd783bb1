"""One grading inside an artifact: a report whatever happens, and its way to the platform."""

import os
import sys
from pathlib import Path
from typing import Final

import msgspec

from grader.api import open_grader
from grader.errors import GraderError, IsolationError
from grader.execution import PrestartedTemplate, open_runner
from grader.exercise import load_exercise
from grader.files import write_whole
from grader.grading import check
from grader.intake.single import NoSubmissionError, one_submission
from grader.log import log_fault
from grader.model import (
    Exercise,
    ExerciseInfo,
    Fault,
    Isolation,
    Report,
    Status,
    Submission,
    SubmissionInfo,
)
from grader.packaging.settings import Settings
from grader.platforms import FORMATS, NothingToSendError, render_for
from grader.render import prose
from grader.render.svg import grid_svg
from grader.submission import parse_submission
from grader.submission.modules import with_modules
from grader.untrusted import for_terminal
from grader.version import __version__
from grader.vocabulary import GRADER_FAULT

_IN_ENVIRONMENT: Final = "env:"
_UNKNOWN: Final = "sha256:" + "0" * 64
"""The digest of what could not be read."""


def report_on(
    source: Path, submission: str, prestarted: PrestartedTemplate | None = None
) -> Report:
    """Grade a submission with the files of an artifact; a fault of ours becomes a report, too."""
    settings = Settings("exercise", __version__, "none")
    try:
        settings = _settings(source)
        report = _graded(source, submission, settings, prestarted)
    except Exception as error:  # noqa: BLE001 - whatever it is, the platform must be told
        log_fault("submission", error)
        report = _failed(settings)
    return report


def tell(
    report: Report,
    platform: str,
    *,
    output: Path | None = None,
    summary: Path | None = None,
    page: Path | None = None,
    strict: bool = False,
) -> int:
    """Write what the platform reads, and return the exit status that it expects.

    `summary` and `page` are Markdown about the report: one is appended to a file of the platform,
    the other is a new file in a folder where a student may have put a link of that name.
    """
    try:
        text = render_for(platform, report, draw=grid_svg)
    except NothingToSendError as error:
        _log(str(error))
        return FORMATS[platform].fault_status
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(render_for("github-summary", report))
    if page is not None:
        write_whole(page, render_for("github-summary", report).encode())
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_whole(output, text.encode())
    if report.status is Status.GRADER_ERROR:
        return FORMATS[platform].fault_status
    all_points = (report.score or 0.0) >= report.max_score
    return 1 if strict and not all_points else 0


def _settings(source: Path) -> Settings:
    path = source / "settings.json"
    try:
        settings = msgspec.json.decode(path.read_bytes(), type=Settings)
    except (OSError, msgspec.MsgspecError) as error:
        raise GraderError(
            f"{path}: cannot be read ({error}); put the artifact there again"
        ) from error
    if settings.grader_version != __version__:
        raise GraderError(
            f"this was made with grader {settings.grader_version}, but {__version__} is "
            "installed here; run its setup again, or make it with the installed version"
        )
    return settings


def _graded(
    source: Path,
    submission: str,
    settings: Settings,
    prestarted: PrestartedTemplate | None,
) -> Report:
    exercise = load_exercise(source / "exercises" / settings.exercise)
    parsed = _submission(submission, exercise)
    if settings.public_only:
        with open_runner(
            exercise, single=True, prestarted=prestarted
        ) as runner:
            return check(exercise, parsed, runner)
    secret = source / "secret"
    try:
        with open_grader(
            exercise,
            solutions=source / "solutions",
            secret=secret if secret.exists() else None,
            require_isolation=settings.require_isolation,
            single=True,
            prestarted=prestarted,
        ) as grader:
            note = prose.isolation_note(grader.runner.isolation.level)
            if note is not None:
                _log(note)
            _log(prose.secret_note(grader.secret.source))
            return grader.grade(parsed)
    except IsolationError as error:
        where = "settings.json in the artifact says what is required"
        raise GraderError(f"{error}; {where}") from error


def _submission(place: str, exercise: Exercise) -> Submission:
    """Return the submission at a place; if there is none, one that says what to hand in."""
    if place.startswith(_IN_ENVIRONMENT):
        # Taken out of the environment: nothing that is started from here needs it.
        text = os.environ.pop(place.removeprefix(_IN_ENVIRONMENT), "")
        data = text.encode("utf-8", "surrogateescape")
        return parse_submission(exercise.file, data, exercise)
    try:
        upload = one_submission(Path(place), exercise)
    except NoSubmissionError as error:
        fault = Fault(message=str(error))
        return Submission(
            name="(no file)",
            kind="python",
            digest=_UNKNOWN,
            units=(),
            fault=fault,
        )
    parsed = parse_submission(upload.name, upload.data, exercise)
    return with_modules(parsed, upload.modules, exercise)


def _failed(settings: Settings) -> Report:
    return Report(
        exercise=ExerciseInfo(settings.exercise, settings.exercise, _UNKNOWN),
        submission=SubmissionInfo("submission", "python", _UNKNOWN),
        status=Status.GRADER_ERROR,
        score=None,
        max_score=0.0,
        message=GRADER_FAULT,
        cases=(),
        notes=(),
        isolation=Isolation("none", ()),
        grader_version=__version__,
    )


def _log(line: str) -> None:
    sys.stderr.write(f"grader: {for_terminal(line)}\n")
