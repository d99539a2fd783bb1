"""Files that are swapped, vanish or hang while a batch runs cost themselves only."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.batch.conftest import RIGHT, command, environment, write
from tests.batch.watching import has_begun, reports, rows, wait_for

ROOT = Path(__file__).parents[2]
SWAPPED = {
    "z-gone.py": "it is gone",
    "z-link.py": "it is a link",
    "z-neighbour.py": "it is a link",
    "z-pipe.py": "it is not a regular file",
    "z-socket.py": "it is not a regular file",
    "z-folder.py": "it is not a regular file",
    "z-linked": "a link is on the way to it",
    "z-lost": "it is gone",
}


NAPS = RIGHT + "\nimport time\ntime.sleep(5)\n"
"""Graded first, so that there is time to swap what is graded last."""


def swap(folder: Path, secret: Path) -> None:
    """Put something else in the place of each file that was found."""
    for name in SWAPPED:
        if name.endswith(".py"):
            (folder / name).unlink()
    (folder / "z-link.py").symlink_to(secret / "convolve.py")
    (folder / "z-neighbour.py").symlink_to("s00.py")
    os.mkfifo(folder / "z-pipe.py")
    # The path of a socket may be short only.
    with (
        tempfile.TemporaryDirectory() as short,
        socket.socket(socket.AF_UNIX) as made,
    ):
        made.bind(f"{short}/socket")
        Path(short, "socket").replace(folder / "z-socket.py")
    (folder / "z-folder.py").mkdir()
    (folder / "z-linked").rename(folder.parent / "away")
    (folder / "z-linked").symlink_to(secret)
    (folder / "z-lost" / "convolve.py").unlink()
    (folder / "z-lost").rmdir()


def test_what_is_swapped_after_it_was_found_earns_nothing(
    tmp_path: Path,
) -> None:
    """Links to a solution, a pipe, a socket, a folder, nothing: each is one line in a report."""
    secret = write(tmp_path / "secret", {"convolve.py": RIGHT})
    files: dict[str, str | bytes] = {
        f"s{n:02}.py": f"{RIGHT}# {n}\n" for n in range(20)
    }
    files["a.py"] = NAPS
    for name in SWAPPED:
        files[name if name.endswith(".py") else f"{name}/convolve.py"] = RIGHT
    folder, out = write(tmp_path / "in", files), tmp_path / "out"
    with subprocess.Popen(
        command(
            *("grade", folder, "--output", out, "--jobs", "1"),
            *("--exercise", "convolution"),
        ),
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        wait_for(lambda: has_begun(out), process)
        swap(folder, secret)
        process.communicate(timeout=120)
    assert process.returncode == 0
    found = rows(out)
    for name, reason in SWAPPED.items():
        row = found.pop(name)
        assert (row["status"], row["score"]) == ("not_gradable", "0")
        assert reason in (out / "reports" / f"{name}.json").read_text()
    assert {row["score"] for row in found.values()} == {"4"}


# --------------------------------------------------------------------------------- hanging


@pytest.fixture
def running() -> Iterator[list["subprocess.Popen[str]"]]:
    """Yield a list of processes, whose processes are ended with the test."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def start_hanging(
    what: str, patience: float, *arguments: str | Path, chosen: bool = False
) -> "subprocess.Popen[str]":
    """Start the command where some files hang."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.batch.hanging_grader",
            str(patience),
            *map(str, arguments),
            # Else a few files are looked at first, to find the exercise.
            *(() if chosen else ("--exercise", "convolution")),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment() | {"HANGS": "stat" if what == "a mount" else "open"},
    )


HANGING = {
    "a file": {"hangs.py": RIGHT},
    "a folder": {"hangs/convolve.py": RIGHT},
    "an archive": {"hangs.zip": "x"},
    "a mount": {"hangs/convolve.py": RIGHT},
}
"""Of a mount, not even what it is can be seen."""


@pytest.mark.parametrize("what", HANGING)
def test_what_hangs_costs_itself_only(
    tmp_path: Path, running: Any, what: str
) -> None:
    """After some patience it is reported or listed, and everybody else is graded."""
    files = {"ada.py": RIGHT, "bob.py": RIGHT, "zoe.py": RIGHT} | HANGING[what]
    folder, out = write(tmp_path / "in", files), tmp_path / "out"
    process = start_hanging(what, 4, "grade", folder, "--output", out)
    running.append(process)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    found = rows(out)
    if what == "a file":
        assert found.pop("hangs.py")["status"] == "not_gradable"
        report = (out / "reports" / "hangs.py.json").read_text()
        assert "its file system does not answer" in report
    else:
        assert "does not answer" in (out / "summary.json").read_text()
        assert "may hold submissions: hangs" in stderr
        row = found.pop("hangs", {"status": "not_gradable"})
        assert row["status"] == "not_gradable"
    assert {name: row["score"] for name, row in found.items()} == dict.fromkeys(
        ("ada.py", "bob.py", "zoe.py"), "4"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("what", HANGING)
def test_a_signal_ends_a_batch_that_hangs(
    tmp_path: Path, running: Any, what: str, number: signal.Signals
) -> None:
    """Long before the patience with the file ends, and no process is left."""
    files = {f"s{n:02}.py": f"{RIGHT}# {n}\n" for n in range(5)} | HANGING[what]
    folder, out = write(tmp_path / "in", files), tmp_path / "out"
    process = start_hanging(
        what, 300, "grade", folder, "--output", out, "--jobs", "1"
    )
    running.append(process)
    # The salt is made when the first submission is read, which is the file that hangs.
    begun = out / ".grader" / ("salt" if what == "a file" else "journal")
    wait_for(begun.exists, process)
    time.sleep(0.5)
    below = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    process.communicate(timeout=120)
    assert process.returncode == 128 + number
    _, alive = psutil.wait_procs(below, timeout=60)
    assert not alive


def test_a_signal_while_a_later_file_hangs_keeps_what_is_graded(
    tmp_path: Path, running: Any
) -> None:
    """What was graded before it has its reports and its rows."""
    files = {f"a{n:02}.py": f"{RIGHT}# {n}\n" for n in range(40)} | HANGING[
        "a file"
    ]
    folder, out = write(tmp_path / "in", files), tmp_path / "out"
    process = start_hanging(
        "a file", 300, "grade", folder, "--output", out, "--jobs", "1"
    )
    running.append(process)
    wait_for(lambda: len(reports(out)) >= 20, process)
    before = -1
    while before < len(reports(out)):
        before = len(reports(out))
        time.sleep(1.5)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 143, stderr
    assert len(rows(out)) == len(reports(out)) >= before
    assert "run the same command again to go on" in stderr


COMPUTES = """
import signal
from grader.batch.stopping import Stop
# Where the tests run in the background of a script, SIGINT is ignored, and this inherits it.
signal.signal(signal.SIGINT, signal.default_int_handler)
with Stop() as stop:
    with stop.obeyed():
        print("begun", flush=True)
        while True:
            pass
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_search_that_computes_without_end(
    running: Any, number: signal.Signals
) -> None:
    """Where nobody asks whether to stop, the work itself is interrupted."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMPUTES],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    running.append(process)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    process.communicate(timeout=120)
    assert process.returncode == -number
