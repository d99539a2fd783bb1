"""Classes to grade, and the command as a user starts it."""

import io
import os
import subprocess
import sys
import types
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.classbook.facts import Facts
from grader.exercise import load_exercise
from grader.intake.collect import Collection, collect
from grader.model import Exercise, Status, Verdict

RIGHT = """import numpy as np


def convolve(image, kernel):
    h, w = image.shape
    p, q = kernel.shape
    out = np.zeros((h - p + 1, w - q + 1))
    for i in range(h - p + 1):
        for j in range(w - q + 1):
            out[i, j] = np.sum(image[i:i + p, j:j + q] * kernel)
    return out
"""
FLIPPED = RIGHT.replace("* kernel)", "* kernel[::-1, ::-1])")
BROKEN = RIGHT.replace("range(h - p + 1):", "range(h - p + 1)")
RAISES = RIGHT.replace("    return out", "    return out[99]")

Files = Mapping[str, str | bytes]


def write(folder: Path, files: Files) -> Path:
    """Write files, given by their path below `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            content.encode() if isinstance(content, str) else content
        )
    return folder


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Make a zip of these members, whatever their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def notebook(source: str) -> str:
    """Put source into a notebook with one cell."""
    cell: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
    book = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}
    return msgspec.json.encode(book).decode()


def facts(name: str) -> Facts:
    """Make the facts of a submission called `name`."""
    return Facts(
        name=name,
        kind="python",
        status=Status.GRADED,
        score=1.0,
        max_score=1.0,
        message="",
        verdicts=(("8x8", Verdict.PASSED),),
        isolation="partial",
    )


def command(*arguments: str | Path) -> list[str]:
    """Return the command line of `grader` with these arguments."""
    return [sys.executable, "-P", "-m", "grader", *map(str, arguments)]


def environment() -> dict[str, str]:
    """Return an environment without a secret, so that the default one is used."""
    return {
        key: value
        for key, value in os.environ.items()
        if key != "GRADER_SECRET"
    }


def grader(
    *arguments: str | Path, cwd: Path | None = None, **more: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; a class of the course is graded as convolution."""
    if arguments[:1] == ("grade",) and not {"--exercise", "--solutions"} & {
        *arguments
    }:
        arguments = (*arguments, "--exercise", "convolution")
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment() | more,
    )


def without_durations(value: Any) -> Any:
    """Set every duration to 0: nothing else in a report may differ between two gradings."""
    if isinstance(value, dict):
        plain = {key: without_durations(item) for key, item in value.items()}
        return plain | ({"duration_s": 0} if "duration_s" in plain else {})
    if isinstance(value, list):
        return [without_durations(item) for item in value]
    return value


def outputs(folder: Path) -> dict[str, Any]:
    """Read what a batch wrote, durations aside; of the students' pages only that they exist."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(".grader") or path.is_dir():
            continue
        if path.suffix == ".json":
            found[name] = without_durations(
                msgspec.json.decode(path.read_bytes())
            )
        elif name in {"index.html", "gradebook.csv"}:
            found[name] = path.read_bytes()
        else:
            found[name] = path.stat().st_size > 0
    return found


def journal(folder: Path) -> list[str]:
    """Return what was graded into `folder`, in order, as often as it was graded."""
    lines = (folder / ".grader" / "journal").read_bytes().splitlines()
    return [msgspec.json.decode(line)["name"] for line in lines]


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    """Load the exercise of these tests."""
    return load_exercise("convolution")


@pytest.fixture(scope="session")
def lab() -> Any:
    """Return the helpers of this module as one object."""
    return types.SimpleNamespace(**globals())


@pytest.fixture
def found(exercise: Exercise, tmp_path: Path) -> Callable[..., Collection]:
    """Collect what is at the given paths."""

    def _found(*paths: Path) -> Collection:
        return collect(paths, exercise, spool=tmp_path / "spool")

    return _found
