"""`check(convolve)` in a notebook and `grader check FILE` say the same about the same function."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.execution import open_runner
from grader.exercise import load_exercise
from grader.grading import check
from grader.submission import read_submission
from tests.jupyter.conftest import Kernel, running_kernel
from tests.jupyter.odd_functions import ODD_FUNCTIONS

THROUGH_THE_COMMAND = ("prints", "sys_exit", "function_of_numpy", "vectorize")
PREPARE = """
import msgspec
import grader as _grader

def _report():
    # Cells of other functions must not be taken for this one's source.
    names = get_ipython().compile._filename_map
    while len(names) > 2:
        del names[next(iter(names))]
    print(msgspec.json.encode(_grader.check(convolve, "convolution").report).decode())
"""


def told(report: dict[str, Any]) -> Any:
    """Return what a report tells a student, without times and the numbers of cells."""
    return without_cells([report["status"], report["message"], report["cases"]])


def without_cells(value: Any) -> Any:
    """Leave out of a report's part which cell something is in, and how long it took."""
    if isinstance(value, list):
        return [without_cells(each) for each in value]
    if isinstance(value, dict):
        kept = value.keys() - {"cell", "duration_s"}
        return {name: without_cells(value[name]) for name in sorted(kept)}
    if isinstance(value, str):
        value = re.sub(r"Cell \d+, line", "Line", value)
        return re.sub(r"cell \d+, line", "line", value)
    return value


Reports = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def by_file(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """Check each function as `grader check FILE.py` does."""
    return checked(
        tmp_path_factory.mktemp("files"), ".py", lambda source: source
    )


@pytest.fixture(scope="module")
def by_notebook(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """Check each function as `grader check FILE.ipynb` does."""

    def notebook(source: str) -> str:
        cell = {
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "outputs": [],
        }
        cells = [{**cell, "execution_count": None}]
        made = {
            "cells": cells,
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 4,
        }
        return json.dumps(made)

    return checked(tmp_path_factory.mktemp("notebooks"), ".ipynb", notebook)


def checked(folder: Path, suffix: str, write: Callable[[str], str]) -> Reports:
    """Check all functions with one runner; `write` makes a file's text of a source."""
    exercise = load_exercise("convolution")
    reports = {}
    with open_runner(exercise) as runner:
        for name, source in ODD_FUNCTIONS.items():
            path = folder / f"{name}{suffix}"
            path.write_text(write(source), "utf-8")
            report = check(exercise, read_submission(path, exercise), runner)
            reports[name] = json.loads(msgspec.json.encode(report))
    return reports


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """Start one real kernel for all functions."""
    with running_kernel(tmp_path_factory.mktemp("kernel")) as kernel:
        assert kernel.say(PREPARE) == ""
        yield kernel


@pytest.mark.parametrize("name", ODD_FUNCTIONS)
def test_a_notebook_says_what_the_command_says(
    name: str, by_file: Reports, kernel: Kernel
) -> None:
    """Same status, verdicts, messages, hints and details, however odd the function is."""
    kernel.run(ODD_FUNCTIONS[name])
    said = kernel.say("_report()")
    assert said.startswith("{"), said
    assert told(json.loads(said)) == told(by_file[name])


@pytest.mark.parametrize("name", ODD_FUNCTIONS)
def test_a_notebook_that_is_handed_in_gets_what_a_file_gets(
    name: str, by_file: Reports, by_notebook: Reports
) -> None:
    """The kernel of a notebook judges functions as the worker of a file does."""
    assert told(by_notebook[name]) == told(by_file[name])


@pytest.mark.parametrize("name", THROUGH_THE_COMMAND)
def test_the_command_is_what_the_notebook_is_compared_with(
    name: str, by_file: Reports, tmp_path: Path
) -> None:
    """`grader check FILE` prints the reports that the other test uses."""
    path = tmp_path / f"{name}.py"
    path.write_text(ODD_FUNCTIONS[name], "utf-8")
    command = [
        sys.executable,
        "-m",
        "grader",
        "check",
        str(path),
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told(json.loads(done.stdout)) == told(by_file[name])
