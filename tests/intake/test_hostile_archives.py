"""No archive is more than one student, leads out, or costs more than 1 s and 300 MB."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.batch.conftest import environment, grader, write, zipped
from tests.intake.hostile_archives import ARCHIVES, GRADED, SOURCE

ROOT = Path(__file__).parents[2]
HONEST = ["ada.py", "bob"]

Lines = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """Collect a class with each of the archives; return what was measured, by name."""
    folder = tmp_path_factory.mktemp("hostile")
    done = subprocess.run(
        [sys.executable, "-m", "tests.intake.measure_archives", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        env=environment(),
    )
    found = map(json.loads, done.stdout.splitlines())
    outside = {
        path.name for each in folder.iterdir() for path in each.iterdir()
    }
    assert outside == {"in", "spool"}
    return {line["name"]: line for line in found}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_is_at_most_one_student(lines: Lines, name: str) -> None:
    """The others keep their names; `eve` is graded, or a line says why she is not."""
    line = lines[name]
    outcome = ARCHIVES[name].outcome
    assert line["rows"] == [*HONEST, "eve"]
    if outcome == GRADED:
        assert line["graded"] == [*HONEST, "eve"]
        return
    assert line["graded"] == HONEST
    wanted = (outcome,) if isinstance(outcome, str) else outcome
    assert any(reason.startswith(wanted) for reason in lines[name]["reasons"])


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_costs_little(lines: Lines, name: str) -> None:
    """Whatever it says about sizes and counts, reading it is bounded in every way."""
    line = lines[name]
    assert line["seconds"] < 3
    assert line["memory"] < 300
    assert line["disk"] < 50
    assert len(line["reasons"]) < 250


def test_there_are_many_archives() -> None:
    """A broken table would make the tests above pass."""
    assert len(ARCHIVES) > 70


def test_the_names_of_archives_reach_no_log_and_no_terminal(
    tmp_path: Path,
) -> None:
    """A broken archive's name is not a workflow command, an escape or the end of a line."""
    names = (
        "x\n::error file=a::hacked\n.zip",
        "\x1b]0;hacked\x07.zip",
        "##[error]x.zip",
    )
    files: dict[str, str | bytes] = {
        f"in/{name}": b"PK broken" for name in names
    }
    files["in/ada.py"] = SOURCE
    files["in/crowd\n::stop-commands::x.zip"] = zipped(
        {f"s{number}/convolve.py": SOURCE for number in range(20)}
    )
    folder = write(tmp_path, files) / "in"
    done = grader("grade", folder, "--output", tmp_path / "out")
    assert done.returncode == 0
    assert "may hold submissions" in done.stderr
    assert "\x1b" not in done.stderr
    assert "##[" not in done.stderr
    for line in done.stderr.splitlines():
        assert line.startswith("grader: ")
    for name in names:
        done = grader("grade", folder / name, "--output", tmp_path / "none")
        assert done.returncode == 2
        assert "\x1b" not in done.stderr
        assert "##[" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
