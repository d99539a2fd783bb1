"""The last attempt is remembered on the student's own machine, and nothing depends on it."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from grader.attempts import VARIABLE, Attempt, attempts_file, since_last

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "solutions" / "convolution" / "samples"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Remember attempts in a folder of the test, and return the file."""
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    found = attempts_file()
    assert found is not None
    assert found.is_relative_to(tmp_path)
    return found


def test_it_says_how_this_compares_with_the_last_one(file: Path) -> None:
    """More, fewer, as many; nothing the first time, nor where all was right and still is."""
    said = [since_last("a", Attempt("x", right, 5)) for right in (1, 3, 2, 2)]
    assert said == [
        "",
        "2 more right than last time.",
        "1 fewer right than last time.",
        "As many right as last time.",
    ]
    assert since_last("a", Attempt("x", 5, 5)) == "3 more right than last time."
    assert since_last("a", Attempt("x", 5, 5)) == ""
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_exercises_do_not_mix(file: Path) -> None:
    """Each exercise has its own attempt, and one that has changed begins anew."""
    since_last("a", Attempt("x", 1, 5))
    assert since_last("b", Attempt("x", 4, 5)) == ""
    assert since_last("a", Attempt("y", 3, 5)) == ""
    assert since_last("b", Attempt("x", 5, 6)) == ""
    assert set(json.loads(file.read_text())["exercises"]) == {"a", "b"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"version": 1, "exercises": {"a": {"digest": "x", "right": "3", "of": 5}}}',
        b'{"version": 1, "exercises": {"a": {"digest": "x", "right": 9, "of": 5}}}',
        b'{"version": 1, "exercises": {"a": {"digest": "x", "right": -1, "of": 5}}}',
        b'{"version": 1, "exercises": {}, "x": "' + b"y" * 70_000 + b'"}',
    ],
    ids=[
        "empty",
        "cut off",
        "a list",
        "no text",
        "too deep",
        "another type",
        "more than all",
        "fewer than none",
        "too large",
    ],
)
def test_what_cannot_be_read_is_a_fresh_start(
    file: Path, content: bytes
) -> None:
    """A file that is corrupt, too large or impossible says nothing, and is replaced."""
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert since_last("a", Attempt("x", 2, 5)) == ""
    assert since_last("a", Attempt("x", 3, 5)) == "1 more right than last time."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_its_place_stops_nothing(file: Path) -> None:
    """What is no regular file is not read, and the check goes on."""
    file.parent.mkdir(parents=True)
    os.mkfifo(file)
    assert since_last("a", Attempt("x", 2, 5)) == ""


def test_where_nothing_can_be_written_nothing_is_said(file: Path) -> None:
    """A file where the folder should be: no attempt is remembered, and nothing is raised."""
    file.parent.write_text("in the way")
    for _ in range(2):
        assert since_last("a", Attempt("x", 2, 5)) == ""


def test_it_can_be_turned_off(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With GRADER_ATTEMPTS=off nothing is written."""
    monkeypatch.setenv(VARIABLE, "off")
    assert since_last("a", Attempt("x", 2, 5)) == ""
    assert not file.exists()


def test_a_hundred_exercises_are_kept(file: Path) -> None:
    """The file stays small: those that were tried last stay."""
    for number in range(103):
        since_last(f"e{number}", Attempt("x", 1, 5))
    kept = json.loads(file.read_text())["exercises"]
    assert len(kept) == 100
    assert "e102" in kept
    assert "e2" not in kept


def test_check_says_it_and_grading_keeps_nothing(
    tmp_path: Path, file: Path
) -> None:
    """`grader check` compares, and says what to hand in; `grader grade` leaves no trace."""
    environment = {**os.environ, "GRADER_SECRET": "attempts"}

    def run(command: str, sample: str, *more: str) -> str:
        full = [sys.executable, "-P", "-m", "grader", command]
        full += [str(SAMPLES / sample), "--exercise", "convolution", *more]
        done = subprocess.run(
            full,
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            cwd=tmp_path,
        )
        return done.stdout

    run("grade", "padded.py")
    assert not file.exists()
    assert "last time" not in run("check", "padded.py")
    right = run("check", "right.py")
    assert "All 5 cases passed. 5 more right than last time." in right
    assert "Next: hand in right.py." in right
    assert "last time" not in run("check", "padded.py", "--format", "json")
