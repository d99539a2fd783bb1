"""What runs inside an artifact: one submission in, what the platform reads out, whatever happens.

    python -I -m grader.packaging.entry PLATFORM --source DIR --submission PATH [--output FILE]
    [--summary FILE]

`--source` holds `settings.json`, `exercises/NAME` and `solutions/NAME`, and `secret` where it was
made with one. `--submission` is a file, a folder, or `env:NAME` for an environment variable with
the source text. There is always an output: a fault of ours becomes the platform's own "not graded",
never a missing file or a traceback. Exit status: 0 where the platform has been told; 1 where its
own protocol wants a failure to be told by the status too, and with `--strict` where a case did not
pass.

Theory of operation. On many platforms this runs as root, beside the solutions, on files that a
student chose. So a submission is read without following a link (a link to the reference solution
would be graded as the student's), and the solutions' folder is closed to everybody else before any
student code runs.
"""

import argparse
import contextlib
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.errors import GraderError, IsolationError
from grader.files import write_whole
from grader.model import (
    ExerciseInfo,
    Fault,
    Isolation,
    Report,
    Status,
    Submission,
    SubmissionInfo,
)
from grader.packaging.settings import Settings
from grader.version import __version__

SUFFIXES = (".py", ".ipynb")
FILES_LIMIT = 2000
_SKIPPED = {"__pycache__", ".ipynb_checkpoints", "__MACOSX", ".git"}
_EMPTY = "sha256:" + "0" * 64


class _NoSubmissionError(Exception):
    """There is no file to grade, or no way to tell which; the message is for the student."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade, write, and return the exit status."""
    options = _parser().parse_args(arguments)
    settings = Settings("exercise", __version__, "", "none")
    try:
        _close(options.source)
        settings = msgspec.json.decode(
            (options.source / "settings.json").read_bytes(), type=Settings
        )
        report = _grade(options.source, options.submission, settings)
    except Exception as error:  # noqa: BLE001 - whatever it is, the platform must be told, and told "not graded"
        report = _failed(settings, options.submission, error)
    return _tell(report, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="grader.packaging.entry")
    parser.add_argument("platform")
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--submission", required=True)
    parser.add_argument("--output", type=Path, help="default: standard output")
    parser.add_argument(
        "--summary", type=Path, help="append the Markdown summary to this file"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit with 1 too where a case did not pass",
    )
    parser.add_argument(
        "rest", nargs="*", help="arguments of the platform that mean nothing here"
    )
    return parser


def _close(source: Path) -> None:
    """Take the solutions and the secret away from everybody but the owner, where we are the owner."""
    for path in (source / "solutions", source / "secret"):
        with contextlib.suppress(OSError):
            path.chmod(0o700 if path.is_dir() else 0o600)


def _grade(source: Path, submission: str, settings: Settings) -> Report:
    from grader.api import open_grader
    from grader.execution import open_runner
    from grader.exercise import load_exercise
    from grader.grading import check
    from grader.render import prose
    from grader.submission import parse_submission

    if settings.grader_version != __version__:
        raise GraderError(
            f"this was made with grader {settings.grader_version}, and {__version__} is installed here; "
            "run its setup again, or make it anew with the version that is installed"
        )
    exercise = load_exercise(source / "exercises" / settings.exercise)
    try:
        name, data = _read(submission, exercise.function, exercise.stub.encode())
        parsed = parse_submission(name, data, exercise)
    except _NoSubmissionError as error:
        parsed = Submission(
            name="(no file)",
            kind="python",
            digest=_EMPTY,
            units=(),
            fault=Fault(message=str(error)),
        )
    if settings.public_only:
        with open_runner(exercise) as runner:
            return check(exercise, parsed, runner)
    secret = source / "secret"
    try:
        with open_grader(
            exercise,
            solutions=source / "solutions",
            secret=secret if secret.exists() else None,
            require_isolation=settings.require_isolation,
        ) as grader:
            report = grader.grade(parsed)
    except IsolationError as error:
        raise GraderError(
            f"{error}; settings.json in the artifact says what is required"
        ) from error
    # Which secret it was is for the operator, who reads the platform's log, and not for the
    # student.
    about_secret = prose.secret_note(grader.secret.source)
    sys.stderr.write(f"{about_secret}\n")
    return msgspec.structs.replace(
        report, notes=tuple(note for note in report.notes if note != about_secret)
    )


def _read(submission: str, function: str, stub: bytes) -> tuple[str, bytes]:
    """Return the name and the bytes of the one file to grade."""
    if submission.startswith("env:"):
        text = os.environ.pop(submission.removeprefix("env:"), "")
        return f"{function}.py", text.encode("utf-8", "surrogateescape")
    path = Path(submission)
    if path.is_dir() and not path.is_symlink():
        path = _choose(path, function, stub)
    return path.name, _bytes(path)


def _choose(folder: Path, function: str, stub: bytes) -> Path:
    """Return the file that a student worked in: a template holds a stub and a notebook, and they use one of them."""
    found = list(_candidates(folder))
    touched = [
        path
        for path in found
        if path.stat().st_size != len(stub) or path.read_bytes() != stub
    ]
    for files in (touched, found):
        by_name = [path for path in files if path.stem.lower() == function.lower()]
        for choice in (by_name, files):
            if len(choice) == 1:
                return choice[0]
    if not found:
        raise _NoSubmissionError(
            f"There is no .py or .ipynb file to grade. Hand in one file called {function}.py."
        )
    names = ", ".join(path.name for path in sorted(found)[:5])
    raise _NoSubmissionError(
        f"There are {len(found)} files ({names}) and no way to tell which is yours. Hand in one, called {function}.py."
    )


def _candidates(folder: Path) -> Iterator[Path]:
    """Yield the regular .py and .ipynb files; the walk neither follows links nor yields them, and it ends."""
    seen = 0
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(
            name
            for name in folders
            if name not in _SKIPPED and not name.startswith(".")
        )
        for name in sorted(files):
            seen += 1
            if seen > FILES_LIMIT:
                raise _NoSubmissionError(
                    f"There are more than {FILES_LIMIT} files. Hand in your own file only."
                )
            path = Path(root, name)
            if (
                name.endswith(SUFFIXES)
                and not name.startswith(".")
                and stat.S_ISREG(path.lstat().st_mode)
            ):
                yield path


def _bytes(path: Path) -> bytes:
    from grader.submission.reading import FILE_CAP

    try:
        descriptor = os.open(
            path,
            os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0),
        )
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a Path cannot open a descriptor
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _NoSubmissionError(
                    f"{path.name} is not a regular file. Hand in the file itself."
                )
            data = file.read(FILE_CAP + 1)
    except OSError as error:
        raise _NoSubmissionError(
            f"{path.name} cannot be read ({error.strerror}). Hand in the file itself."
        ) from error
    if len(data) > FILE_CAP:
        raise _NoSubmissionError(
            f"{path.name} is larger than {FILE_CAP >> 20} MB. Clear its outputs and try again."
        )
    return data


def _failed(settings: Settings, submission: str, error: Exception) -> Report:
    """Return a report without a score; its reason is the first line of the error, the rest goes to the log."""
    reason = (str(error).splitlines() or [""])[0] or type(error).__name__
    return Report(
        exercise=ExerciseInfo(settings.exercise, settings.exercise, _EMPTY),
        submission=SubmissionInfo(
            "submission" if ":" in submission else Path(submission).name,
            "python",
            _EMPTY,
        ),
        status=Status.GRADER_ERROR,
        score=None,
        max_score=0.0,
        message=reason,
        cases=(),
        notes=(),
        isolation=Isolation("none", ()),
        grader_version=__version__,
    )


def _tell(report: Report, options: argparse.Namespace) -> int:
    from grader.platforms import FORMATS, render_for
    from grader.render.svg import grid_svg

    text = render_for(options.platform, report, draw=grid_svg)
    if options.summary is not None:
        with options.summary.open("a", encoding="utf-8") as file:
            file.write(render_for("github-summary", report))
    if options.output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        write_whole(options.output, text.encode())
    if report.status is Status.GRADER_ERROR:
        return FORMATS[options.platform].fault_status
    return 1 if options.strict and (report.score or 0.0) < report.max_score else 0


if __name__ == "__main__":
    sys.exit(main())
