"""File names, messages and notebooks that speak to a terminal, a log or a workflow are only shown.

Each test runs the real command, and looks at what it writes as its readers do: a terminal obeys
escapes, a CI runner takes some lines of a log for commands.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.api import open_grader
from grader.log import GuardedStream
from grader.model import Report, Status
from grader.output import format_names
from grader.platforms import render_for
from grader.render import FORMATS, Audience, render
from grader.submission import parse_submission
from grader.untrusted import visible

ROOT = Path(__file__).parents[2]
NAMES = {
    "a command in the second line": "x\n::error file=a::b",
    "a command at once": "::stop-commands::token",
    "a command after a carriage return": "x\r::add-mask::y",
    "a command after a line separator": "x\u2028::error::y",
    "a command after blanks": " \t::group::w",
    "an old command": "##[error]boom",
    "a command of Azure's": "##vso[task.complete result=Succeeded]",
    "colours": "\x1b[31mred\x1b[0m",
    "a title of the window": "\x1b]0;title\x07",
    "an override": "\u202egnp.exe",
    "invisible": "a\u200bb\U000e0041",
    "no UTF-8": "\udcff\udcfe",
    "an option": "--output=x\n::error::o",
    "a formula": "=cmd|' C'!A0",
    "markup": "<img src=x onerror=alert(1)>",
    "long, and a command where a line may be broken": "a" * 74
    + " ::endgroup:: "
    + "b" * 74,
}
EXPRESSIONS = {
    **{kind: repr(name) for kind, name in NAMES.items()},
    "many commands": "'x ::stop-commands::y ' * 40",
    "megabytes": "chr(27) * 10**6",
}
RAISES = "def convolve(image, kernel):\n    raise ValueError({!r})  # {}\n"


def speaks(shown: str) -> list[str]:
    """Return what in a text acts on a terminal or is a command to a CI runner."""
    found = [
        line for line in shown.splitlines() if line.strip().startswith("::")
    ]
    found += re.findall(r"##\w*\[", shown)
    return found + (["an acting character"] if visible(shown) != shown else [])


def run(
    folder: Path, *commands: list[str]
) -> subprocess.CompletedProcess[bytes]:
    """Run `grader` with each of these arguments, in one process whose output is a pipe."""
    loop = (
        "import json, sys; from grader.cli import main\n"
        "for arguments in json.load(sys.stdin): main(arguments)\n"
    )
    return subprocess.run(
        [sys.executable, "-P", "-c", loop],
        input=json.dumps(commands).encode(),
        capture_output=True,
        check=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_that_is_refused_does_not_speak(
    name: str, tmp_path: Path
) -> None:
    """Missing, of another kind, damaged, no report: one line each, and nothing in it acts."""
    (tmp_path / name).write_bytes(b"text")
    (tmp_path / f"{name}.zip").write_bytes(b"PK\x03\x04damaged")
    (tmp_path / f"{name}.json").write_bytes(b"{")
    done = run(
        tmp_path,
        ["grade", f"./{name}.py"],
        ["check", f"./{name}"],
        ["grade", f"./{name}.zip"],
        ["render", f"./{name}.json"],
        ["grade", name],
        ["check", name],
        ["render", name],
    )
    log = done.stderr.decode()
    assert speaks(log) == []
    assert done.stdout == b""
    assert "Traceback" not in log
    lines = [line for line in log.splitlines() if line.startswith("grader: ")]
    assert len(lines) >= 4


def test_a_class_of_hostile_names_is_graded_in_silence(tmp_path: Path) -> None:
    """Log, reports, pages, gradebook and summary of a batch show the names and obey none."""
    given = tmp_path / "given"
    given.mkdir()
    for number, name in enumerate(NAMES.values()):
        shown = name.encode("utf-8", "backslashreplace").decode()
        (given / f"{name}.py").write_text(
            RAISES.format(shown, "::error::x"), "utf-8"
        )
        (given / f"{number}{name}.zip").write_bytes(b"PK\x03\x04damaged")
        (given / f"{number}{name}.txt").write_bytes(b"notes")
    done = run(tmp_path, ["grade", "given", "--output", "out"])
    log = done.stderr.decode()
    assert speaks(log) == []
    # Everybody has a row, also who handed in nothing that can be graded.
    assert f"of {3 * len(NAMES)} submissions" in log
    assert "may hold submissions" in log
    out = tmp_path / "out"
    written = [
        path
        for path in out.rglob("*")
        if path.suffix in {".json", ".html", ".csv"}
    ]
    assert len(written) >= 2 * len(NAMES) + 3
    for path in written:
        assert speaks(path.read_text("utf-8")) == [], path.name
        assert visible(path.name) == path.name
    for cells in csv.reader(
        (out / "gradebook.csv").read_text("utf-8-sig").splitlines()
    ):
        assert not cells[0].startswith(("=", "+", "-", "@"))


def notebook(expression: str) -> bytes:
    """Return a notebook whose exceptions, classes, lines and results are what this gives."""
    sources = (
        f"raise KeyError({expression})",
        f"class Odd(Exception): pass\nOdd.__name__ = {expression}",
        f"""
def convolve(image, kernel):
    text = {expression}  # {expression}
    if image.shape == (8, 8):
        raise Odd(text)  # {expression}
    if image.shape == (10, 10):
        return text
    return type(text[:50].replace(chr(0), ""), (), {{}})()
""",
    )
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for source in sources
    ]
    book = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    return json.dumps(book).encode()


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """Grade each of the hostile notebooks, called by a hostile name."""
    reports = {}
    with open_grader(secret=b"x") as grader:
        for kind, expression in EXPRESSIONS.items():
            name = f"{NAMES.get(kind, kind)}.ipynb"
            submission = parse_submission(
                name, notebook(expression), grader.exercise
            )
            reports[kind] = grader.grade(submission)
    assert {report.status for report in reports.values()} == {Status.GRADED}
    assert {report.score for report in reports.values()} == {0.0}
    return reports


@pytest.mark.parametrize("fmt", format_names())
@pytest.mark.parametrize("kind", EXPRESSIONS)
def test_no_format_lets_a_report_speak(
    fmt: str, kind: str, reports: dict[str, Report]
) -> None:
    """Whoever prints a report in whatever format into a log prints text, and no command."""
    report = reports[kind]
    audiences: tuple[Audience, ...] = ("student", "instructor")
    for audience in audiences:
        is_ours = fmt in FORMATS
        shown = (
            render(report, fmt, audience)
            if is_ours
            else render_for(fmt, report)
        )
        found = speaks(shown)
        if (
            fmt == "github"
        ):  # commands are what this format is made of: ours, and no others
            kinds = [line.split(" ")[0].split("::")[1] for line in found]
            assert set(kinds) <= {"error", "notice"}
            assert len(kinds) == len(report.cases) + 1
        else:
            assert found == []


def test_a_student_does_not_read_why_the_grader_failed(tmp_path: Path) -> None:
    """The report of a fault of ours has no reason in any format; the operator's log has it."""
    hidden = tmp_path / "solutions" / "convolution"
    hidden.mkdir(parents=True)
    for path in (ROOT / "solutions" / "convolution").glob("*.*"):
        (hidden / path.name).write_bytes(path.read_bytes())
    shutil.copytree(
        ROOT / "exercises" / "convolution",
        tmp_path / "exercises" / "convolution",
    )
    reference = "def convolve(image, kernel):\n    raise OSError('the path of the operator')\n"
    (hidden / "reference.py").write_text(reference, "utf-8")
    student = tmp_path / "x.py"
    student.write_text(
        "def convolve(image, kernel):\n    return image\n", "utf-8"
    )
    done = run(
        tmp_path,
        ["grade", str(student), "--solutions", str(hidden), "--format", "json"],
    )
    failed = json.loads(done.stdout)
    assert failed["status"] == "grader_error"
    [line] = done.stderr.decode().splitlines()
    assert "OSError: the path of the operator" in line
    assert "reference.py" in line
    (tmp_path / "report.json").write_bytes(done.stdout)
    old = {
        **failed,
        "message": "solutions/reference.py: OSError: the path of the operator",
    }
    (tmp_path / "old.json").write_text(json.dumps(old))
    commands = [
        ["render", name, "--format", fmt]
        for name in ("report.json", "old.json")
        for fmt in format_names()
        if (name, fmt) != ("old.json", "json")
    ]
    shown = run(tmp_path, *commands)
    assert b"path of the operator" not in shown.stdout
    assert b"reference.py" not in shown.stdout
    assert b"was not graded" in shown.stdout
    assert b"path of the operator" not in shown.stderr


def test_the_command_guards_its_standard_error() -> None:
    """The guard is in place before any argument is read, whatever writes there afterwards."""
    program = (
        "import sys, warnings; from grader.cli import main; main(['schema'])\n"
        "warnings.warn('a\\n::error::b')\n"
        "print(type(sys.stderr).__name__, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    assert speaks(done.stderr.decode()) == []
    assert done.stderr.decode().splitlines()[-1] == GuardedStream.__name__


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    "arguments", ["grade missing.py", "grade --nonsense", "nonsense"]
)
def test_a_command_without_a_log_keeps_its_status(
    arguments: str, redirection: str
) -> None:
    """Where standard error is closed or full, wrong usage is still exit status 2."""
    command = f"exec {sys.executable} -P -m grader {arguments} {redirection}"
    done = subprocess.run(["/bin/sh", "-c", command], check=False, cwd=ROOT)
    assert done.returncode == 2
