"""Grading from Python: the documented example, threads, asyncio, and graders side by side."""

import asyncio
import os
import re
import shutil
import signal
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader import Report, grade, load_exercise, open_grader, parse_submission
from grader.authoring import new
from grader.errors import ExerciseError, UsageError
from grader.exercise import record_validation
from grader.model import Exercise, Submission

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "solutions" / "convolution" / "samples"
QUICK = (
    "flipped.py",
    "homework.ipynb",
    "padded.py",
    "right.py",
    "squares_only.py",
    "whole_numbers.py",
)
EXAMPLE = re.findall(
    r"^```python\n(.*?)^```",
    (ROOT / "docs" / "api.md").read_text("utf-8"),
    re.DOTALL | re.MULTILINE,
)[0]


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    """Return the exercise of the checkout."""
    return load_exercise(ROOT / "exercises" / "convolution")


@pytest.fixture(scope="module")
def class_of(exercise: Exercise) -> tuple[Submission, ...]:
    """Return the samples, several times over, each copy with bytes of its own."""
    copies = []
    for number in range(4):
        for name in QUICK:
            data = (SAMPLES / name).read_bytes()
            # Blanks at the end mean nothing to Python and to JSON, and make other hidden inputs.
            copies.append(
                parse_submission(
                    f"{number}-{name}",
                    data.rstrip() + b"\n" * (number + 1),
                    exercise,
                )
            )
    return tuple(copies)


def timeless(reports: "list[Report]") -> list[Report]:
    """Return reports without durations, the only values that may differ."""
    replace = msgspec.structs.replace
    return [
        replace(
            one,
            cases=tuple(replace(case, duration_s=0.0) for case in one.cases),
        )
        for one in reports
    ]


def test_the_documented_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is short, and threads and asyncio report what grading one by one reports."""
    (tmp_path / "handed-in").mkdir()
    for name in QUICK:
        shutil.copy(SAMPLES / name, tmp_path / "handed-in" / name)
    shutil.copy(SAMPLES / "right.py", tmp_path / "convolve.py")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(EXAMPLE, "docs/api.md", "exec"), names)  # noqa: S102 - our own document
    assert len(EXAMPLE.splitlines()) <= 25
    assert names["report"].score == 4.0
    one_by_one = [
        grade(
            tmp_path / "handed-in" / one.submission.name,
            names["exercise"],
            secret=b"known to the staff alone",
        )
        for one in names["from_threads"]
    ]
    assert len(one_by_one) == len(QUICK)
    assert (
        timeless(names["from_threads"])
        == timeless(names["from_asyncio"])
        == timeless(one_by_one)
    )


def test_threads_and_asyncio_give_the_same_reports(
    exercise: Exercise, class_of: tuple[Submission, ...]
) -> None:
    """Two dozen submissions, files and notebooks, eight at a time, get the same reports."""
    with open_grader(exercise, secret=b"secret") as grader:
        alone = [grader.grade(one) for one in class_of]
        with ThreadPoolExecutor(8) as threads:
            threaded = list(threads.map(grader.grade, class_of))

        async def together() -> list[Report]:
            return await asyncio.gather(
                *(asyncio.to_thread(grader.grade, one) for one in class_of)
            )

        awaited = asyncio.run(together())
    assert timeless(alone) == timeless(threaded) == timeless(awaited)
    assert {report.score for report in alone} > {0.0, 4.0}


def test_two_exercises_and_two_secrets_live_side_by_side(
    exercise: Exercise, tmp_path: Path
) -> None:
    """Graders in one process share nothing: each reports what it reports alone."""
    new("distances", tmp_path)
    other = load_exercise(tmp_path / "exercises" / "distances")
    solutions = tmp_path / "solutions"
    record_validation(other, solutions / "distances")
    flipped = parse_submission(
        "flipped.py", (SAMPLES / "flipped.py").read_bytes(), exercise
    )
    reference = (
        tmp_path / "solutions" / "distances" / "reference.py"
    ).read_bytes()
    right = parse_submission("right.py", reference, other)

    def alone(which: Exercise, submission: Submission, secret: bytes) -> Report:
        own = solutions if which is other else None
        with open_grader(which, secret=secret, solutions=own) as grader:
            return grader.grade(submission)

    jobs = [
        (exercise, flipped, b"one"),
        (exercise, flipped, b"two"),
        (other, right, b"one"),
    ]
    wanted = timeless([alone(*job) for job in jobs])
    with (
        open_grader(exercise, secret=b"one") as first,
        open_grader(exercise, secret=b"two") as second,
        open_grader(other, secret=b"one", solutions=solutions) as third,
        ThreadPoolExecutor(6) as threads,
    ):
        calls: list[tuple[Callable[[Submission], Report], Submission]] = [
            (first.grade, flipped), (second.grade, flipped), (third.grade, right),
        ] * 4  # fmt: skip
        got = timeless(list(threads.map(lambda call: call[0](call[1]), calls)))
    assert got == wanted * 4
    assert (
        wanted[0].cases[0].details.inputs != wanted[1].cases[0].details.inputs
    )
    assert wanted[2].score == wanted[2].max_score


def test_grading_changes_nothing_of_the_program_around_it(
    exercise: Exercise,
) -> None:
    """Environment, working folder, signal handlers, warning filters and threads stay."""

    def state() -> tuple[Any, ...]:
        handlers = [
            signal.getsignal(number)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)
        ]
        return (
            dict(os.environ),
            Path.cwd(),
            handlers,
            warnings.filters[:],
        )

    before, threads = state(), set(threading.enumerate())
    for name in ("right.py", "homework.ipynb"):
        assert grade(SAMPLES / name, exercise).status == "graded"
    assert state() == before
    # A thread of an earlier test may end only now.
    assert set(threading.enumerate()) <= threads


def test_bytes_are_graded_as_the_file_that_holds_them(
    exercise: Exercise,
) -> None:
    """The name says what kind of file the bytes are, and it is the name in the report."""
    path = SAMPLES / "homework.ipynb"
    from_bytes = grade(
        path.read_bytes(), exercise, name="homework.ipynb", secret=b"x"
    )
    assert timeless([from_bytes]) == timeless(
        [grade(path, exercise, secret=b"x")]
    )


def test_errors_are_those_of_the_command_line(
    exercise: Exercise, tmp_path: Path
) -> None:
    """A missing path, a folder without solutions, and a folder that is not an exercise."""
    with pytest.raises(UsageError, match="there is no such file"):
        grade(tmp_path / "nothing.py", exercise)
    with pytest.raises(UsageError, match="--solutions"):
        grade(SAMPLES / "right.py", exercise, solutions=tmp_path)
    with pytest.raises(ExerciseError):
        load_exercise(tmp_path)
