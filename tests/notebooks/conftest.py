"""Real kernels, confined as in class; limits short enough for tests."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.api import open_grader
from grader.exercise import load_exercise
from grader.grading import Grader
from grader.model import Exercise, Limits, Report
from grader.submission import parse_submission

ROOT = Path(__file__).parents[2]

RIGHT = """import numpy as np
def convolve(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            result[i, j] = np.sum(image[i:i + kernel.shape[0], j:j + kernel.shape[1]] * kernel)
    return result
"""

Grade = Callable[..., Report]


def read_notebooks(name: str, pieces: dict[str, str]) -> dict[str, list[str]]:
    """Read the notebooks of a text file: name -> the source of each code cell.

    `pieces` are placeholders and what they stand for. The head of the file describes its format.
    """
    text = (Path(__file__).parent / name).read_text("utf-8")
    found = {}
    for section in text.split("\n==== ")[1:]:
        title, _, body = section.partition("\n")
        for placeholder, piece in pieces.items():
            body = body.replace(placeholder, piece)
        found[title] = body.rstrip("\n").split("\n----\n")
    return found


def notebook(
    *cells: str, nbformat: tuple[int, int] = (4, 4), **metadata: Any
) -> bytes:
    """Make a file with one code cell for each source, and whatever else the test says."""
    found = [
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": 3,
            "outputs": [],
            "source": cell,
        }
        for cell in cells
    ]
    title = {
        "cell_type": "markdown",
        "metadata": {},
        "source": ["# Homework\n", "by *me*"],
    }
    document = {
        "nbformat": nbformat[0],
        "nbformat_minor": nbformat[1],
        "metadata": metadata,
        "cells": [title, *found],
    }
    return json.dumps(document).encode()


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    """Return the exercise, with limits that a test can wait for."""
    limits = Limits(
        load_s=30.0, call_s=2.0, total_s=60.0, cell_s=4.0, notebook_s=16.0
    )
    return msgspec.structs.replace(
        load_exercise(ROOT / "exercises" / "convolution"), limits=limits
    )


@pytest.fixture(scope="session")
def right() -> str:
    """Return a cell with a right `convolve`."""
    return RIGHT


@pytest.fixture(scope="session")
def build() -> Callable[..., bytes]:
    """Return what makes a notebook's bytes from the source of its cells."""
    return notebook


@pytest.fixture(scope="module")
def grader(
    exercise: Exercise, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grader]:
    """Open a grader with the hidden cases; when it is closed, no process and no file is left.

    For one module: while it is open, temporary files of this process go to its folder.
    """
    before, folder = children(), tmp_path_factory.mktemp("scratch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        with open_grader(
            exercise,
            solutions=ROOT / "solutions" / "convolution",
            secret=b"a test",
        ) as opened:
            yield opened
    assert children() <= before
    assert not list(folder.iterdir())


def children() -> set[int]:
    """Return the processes that this one has started."""
    return {
        int(word)
        for word in Path(f"/proc/self/task/{os.getpid()}/children")
        .read_text()
        .split()
    }


@pytest.fixture(scope="module")
def grade(grader: Grader, exercise: Exercise) -> Grade:
    """Return what grades a notebook that is made of the sources of its cells."""

    def run(*cells: str, **kept: Any) -> Report:
        return grader.grade(
            parse_submission(
                "homework.ipynb", notebook(*cells, **kept), exercise
            )
        )

    return run
