"""A command starts quickly, and what it guesses for that changes nothing."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import grading
from grader.cli.single import Options

Grader = Callable[..., "subprocess.CompletedProcess[str]"]
SAMPLES = Path(__file__).parents[2] / "solutions" / "convolution" / "samples"
SLOW = (
    "click",
    "logging",
    "msgspec",
    "numpy",
    "pathlib",
    "tempfile",
    "grader.cli",
)


def test_the_template_starts_before_anything_slow_is_imported() -> None:
    """What a command imports before it starts the template takes a few milliseconds."""
    code = f"""
import sys
import grader.__main__, grader.execution.prestart
print(*[name for name in {SLOW} if name in sys.modules])
"""
    # -S, because what an installation imports by itself is not the grader's.
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == []


@pytest.mark.parametrize("command", ["check", "grade"])
@pytest.mark.parametrize("sample", ["right", "flipped", "squares_only"])
def test_a_command_without_options_needs_no_parser(
    grader: Grader, command: str, sample: str
) -> None:
    """What it prints, and its exit status, are those of the parsed command."""
    path = SAMPLES / f"{sample}.py"
    short = grader(command, path)
    long = grader(command, path, "--format", "text")
    assert without_times(short.stdout) == without_times(long.stdout)
    assert (short.returncode, short.stderr) == (long.returncode, long.stderr)
    assert sample in short.stdout


def without_times(text: str) -> str:
    """Replace what differs from run to run."""
    return re.sub(r"[\d.]+ m?s", "TIME", text)


def test_the_parser_has_the_same_defaults() -> None:
    """An option that is not given means the same with and without a parser."""
    parsed = grading.grade.make_context("grade", ["convolve.py"]).params
    assert parsed.pop("paths") == (Path("convolve.py"),)
    assert parsed == Options()._asdict()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("grade", "FILE", "--help"), 0),
        (("grade", "FILE", "--no-such-option"), 2),
        (("check", "FILE", "--format", "nonsense"), 2),
        (("grade", "FILE", "--exercise", "nonsense"), 2),
        (("grade", "FILE", "--secret-file", "/nonexistent"), 2),
        (("grade", "FILE", "FOLDER", "--output", "OUT"), 0),
    ],
)
def test_a_template_that_was_started_for_nothing_is_gone(
    grader: Grader, tmp_path: Path, arguments: tuple[str, ...], status: int
) -> None:
    """A wrong guess costs nothing: the status is the parser's, and no folder is left."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.py").write_bytes((SAMPLES / "right.py").read_bytes())
    places = {
        "FILE": SAMPLES / "right.py",
        "FOLDER": folder,
        "OUT": tmp_path / "out",
    }
    done = grader(*(places.get(argument, argument) for argument in arguments))
    assert done.returncode == status, done.stderr
    assert list(tmp_path.glob("grader-*")) == []
