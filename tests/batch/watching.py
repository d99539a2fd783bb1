"""Looking at a batch from outside while it runs, and at what it has written."""

import contextlib
import csv
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil


def rows(out: Path) -> dict[str, dict[str, str]]:
    """Read the gradebook by name."""
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def wait_for(
    condition: Callable[[], Any],
    process: "subprocess.Popen[Any]",
    limit_s: float = 180,
) -> Any:
    """Return what `condition` returns once that is true; fail if the process ends before."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        assert process.poll() is None, "the batch ended too early"
        time.sleep(0.005)
    raise AssertionError("it never happened")


def descendants(process: "subprocess.Popen[Any]") -> list[psutil.Process]:
    """Return every process below this one."""
    found: list[psutil.Process] = psutil.Process(process.pid).children(
        recursive=True
    )
    return found


def grading_processes(process: "subprocess.Popen[Any]") -> list[psutil.Process]:
    """Return the grading processes: children of the owner, but for the one that reads files."""
    children: list[psutil.Process] = psutil.Process(process.pid).children()
    found = []
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.name() != "grader-reader":
                found.append(child)
    return found


def has_begun(out: Path) -> bool:
    """Return whether everything is found, and grading processes are started."""
    return any((out / ".grader").glob("logs/*.log"))


def has_reports(out: Path, count: int) -> bool:
    """Return whether at least `count` reports are in place."""
    return len(reports(out)) >= count


def reports(out: Path) -> list[Path]:
    """Return the reports that are in place."""
    return sorted((out / "reports").glob("[!.]*.json"))
