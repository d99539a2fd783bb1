"""What runs on the platforms always answers, and grades only what is the student's."""

import functools
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.execution import Confinement, open_runner
from grader.exercise import load_exercise
from grader.packaging.entry import main
from grader.packaging.parts import read_parts, with_hidden_half
from grader.vocabulary import GRADER_FAULT

EXERCISE = Path(__file__).parents[2] / "exercises" / "convolution"


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what an artifact grades with."""
    folder = tmp_path_factory.mktemp("source")
    parts = read_parts(load_exercise(EXERCISE))
    for name, (data, mode) in with_hidden_half(
        parts, None, b"a secret"
    ).grading.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)
    return folder


@pytest.fixture
def tell(source: Path, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that runs the entry point and returns its status and what it wrote."""

    def run(platform: str, submission: str | Path, where: Path = source) -> Any:
        out = tmp_path / "out" / "results.json"
        command = [
            platform,
            "--source",
            str(where),
            "--submission",
            str(submission),
            "--output",
            str(out),
        ]
        status = main(command)
        return status, json.loads(out.read_text())

    return run


@pytest.mark.parametrize(
    ("platform", "status"),
    [
        ("gradescope", 1),
        ("prairielearn", 0),
        ("xqueue", 0),
        ("coderunner", 0),
        ("classroom50", 1),
    ],
)
def test_a_broken_artifact_is_told_as_not_graded(
    platform: str,
    status: int,
    tell: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without settings nothing is graded, nothing is 0, and the status is what is expected."""
    got, result = tell(platform, tmp_path, tmp_path / "nowhere")
    assert got == status
    (line,) = caplog.messages
    assert "nowhere/settings.json: cannot be read" in line
    assert not {"score", "fraction", "correct"} & set(result) or (
        result["score"],
        result["max-score"],
    ) == (0, 0)


def test_a_fault_that_cannot_be_told_writes_nothing(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a platform knows nothing but scores, there is no file, a status of 1, and a log."""
    output = tmp_path / "score.json"
    arguments = ["--source", tmp_path / "nowhere", "--submission", source]
    command = ["lti-ags", *map(str, arguments), "--output", str(output)]
    assert main(command) == 1
    assert not output.exists()
    assert "nothing is sent" in capsys.readouterr().err


def test_the_hidden_half_is_the_one_of_the_artifact(
    tell: Any,
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Solutions beside the submission or in the environment are not used, also if it has none."""
    shutil.copytree(source / "solutions", tmp_path / "work" / "solutions")
    shutil.copytree(source / "exercises", tmp_path / "work" / "exercises")
    shutil.copy(EXERCISE / "convolve.py", tmp_path / "work" / "convolve.py")
    shutil.copytree(source, tmp_path / "artifact")
    shutil.rmtree(tmp_path / "artifact" / "solutions")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("GRADER_SOLUTIONS", str(tmp_path / "work" / "solutions"))
    _, result = tell("prairielearn", "convolve.py", tmp_path / "artifact")
    assert result["format_errors"] == [GRADER_FAULT]
    assert "artifact/solutions" in caplog.text


def test_another_version_is_not_graded(
    tell: Any, source: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An artifact that meets another version of the grader says so, and does not grade with it."""
    other = tmp_path / "source"
    shutil.copytree(source, other)
    settings = json.loads((other / "settings.json").read_text())
    (other / "settings.json").write_text(
        json.dumps({**settings, "grader_version": "0.0.1"})
    )
    _, result = tell("prairielearn", EXERCISE / "convolve.py", other)
    assert result["format_errors"] == [GRADER_FAULT]
    assert "made with grader 0.0.1" in caplog.text


def test_too_little_isolation_is_told_as_not_graded(
    tell: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """On a machine that isolates less than fully, nothing is graded, and the log says why."""
    weaker = functools.partial(
        open_runner, confinement=Confinement(landlock=False)
    )
    monkeypatch.setattr("grader.api.open_runner", weaker)
    _, result = tell("prairielearn", EXERCISE / "convolve.py")
    assert result["gradable"] is False
    assert result["format_errors"] == [GRADER_FAULT]
    log = caplog.text
    assert "isolation full is required" in log
    assert "settings.json" in log


def test_links_devices_and_giants_are_not_read(
    tell: Any, tmp_path: Path, source: Path
) -> None:
    """A link, a pipe, a folder with the right name and a giant file each get a clear line."""
    (tmp_path / "link.py").symlink_to(
        source / "solutions" / "convolution" / "reference.py"
    )
    os.mkfifo(tmp_path / "pipe.py")
    with (tmp_path / "giant.py").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    for name, said in (
        ("link.py", "cannot be read"),
        ("pipe.py", "not a regular file"),
        ("giant.py", "bigger than 32 MiB"),
    ):
        _, result = tell("gradescope", tmp_path / name)
        assert result["score"] == 0
        assert said in result["output"]
    folder = tmp_path / "folder"
    (folder / "convolve.py").mkdir(parents=True)
    _, result = tell("gradescope", folder)
    assert "Hand in one file called convolve.py" in result["output"]


def test_a_template_with_the_stub_untouched_grades_the_notebook(
    tell: Any, tmp_path: Path
) -> None:
    """Of an untouched stub and a notebook, the notebook is graded."""
    shutil.copy(EXERCISE / "convolve.py", tmp_path / "convolve.py")
    code = "def convolve(image, kernel):\n    return image"
    cell: dict[str, Any] = {
        "cell_type": "code",
        "source": code,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook = {
        "cells": [cell],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    (tmp_path / "homework.ipynb").write_text(json.dumps(notebook))
    _, result = tell("gradescope", tmp_path)
    assert result["tests"][0]["extra_data"]["verdict"] in {
        "wrong_shape",
        "wrong_values",
    }


def test_the_hidden_half_is_closed(tell: Any, source: Path) -> None:
    """Before anything is graded, only their owner can read the solutions and the secret."""
    (source / "solutions").chmod(0o755)
    (source / "secret").chmod(0o644)
    tell("gradescope", EXERCISE / "convolve.py")
    assert (source / "solutions").stat().st_mode & 0o077 == 0
    assert (source / "secret").stat().st_mode & 0o077 == 0
