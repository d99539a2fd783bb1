"""Each exercise that ships works everywhere: a class, a page, every platform, and in Python."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import jsonschema
import pytest

from grader.api import grade
from grader.exercise import load_exercise
from grader.packaging.artifacts import package
from grader.platforms import ARTIFACTS, FORMATS
from grader.render import html, text
from grader.render.json import read_report
from grader.render.schema import schema_text
from tests.finding_words import MOST_WORDS, said_twice, words_of

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
NAMES = sorted(
    path.parent.name for path in ROOT.glob("exercises/*/exercise.toml")
)


class Graded(NamedTuple):
    """The samples of an exercise, graded as a class."""

    name: str
    output: Path

    @property
    def rows(self) -> dict[str, dict[str, str]]:
        """The rows of the gradebook by the name of the sample."""
        with (self.output / "gradebook.csv").open(encoding="utf-8-sig") as file:
            return {row["name"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module", params=NAMES)
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Graded:
    """Grade the samples of one exercise with the real command."""
    name: str = request.param
    output = tmp_path_factory.mktemp("class") / "results"
    command = [sys.executable, "-P", "-m", "grader", "grade"]
    command += [str(SOLUTIONS / name / "samples"), "--exercise", name]
    command += ["--solutions", str(SOLUTIONS), "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Graded(name, output)


def test_a_finding_is_short_and_says_nothing_twice(graded: Graded) -> None:
    """Of every sample: at most 120 words with both steps of its hints, and no sentence twice."""
    for file in sorted(graded.output.glob("reports/*.json")):
        for case in read_report(file).cases:
            assert words_of(case) <= MOST_WORDS, (file.name, case.name)
            assert said_twice(case) == [], (file.name, case.name)


def test_there_are_seventeen() -> None:
    """The set that ships is whole."""
    assert len(NAMES) == 17


def test_right_samples_have_all_points_and_wrong_ones_lose_some(
    graded: Graded,
) -> None:
    """As their names say."""
    rows = graded.rows
    right = [row for name, row in rows.items() if name.startswith("right")]
    wrong = [row for name, row in rows.items() if name.startswith("wrong_")]
    assert right
    assert all(row["score"] == row["max_score"] for row in right)
    assert all(float(row["score"]) < float(row["max_score"]) for row in wrong)
    for name, row in rows.items():
        if name.startswith("wrong_"):
            assert row["misconceptions"], name


def test_the_class_has_its_page_and_its_summary(graded: Graded) -> None:
    """Both are there, and the page names the exercise."""
    page = (graded.output / "index.html").read_text("utf-8")
    assert load_exercise(ROOT / "exercises" / graded.name).title in page
    summary = json.loads((graded.output / "summary.json").read_text("utf-8"))
    assert summary["misconceptions"]


def test_each_report_is_valid_and_every_platform_takes_it(
    graded: Graded,
) -> None:
    """In every format: the text, the page, and what each platform reads."""
    schema = jsonschema.Draft202012Validator(json.loads(schema_text()))
    for path in sorted((graded.output / "reports").glob("*.json")):
        schema.validate(json.loads(path.read_text("utf-8")))
        report = read_report(path)
        assert text.render(report)
        assert "</html>" in html.render(report)
        for written in FORMATS.values():
            assert written.write(report)


def test_the_api_and_the_plugin_agree_with_the_command(
    graded: Graded, tmp_path: Path
) -> None:
    """A right sample passes through `grader.grade` and through pytest."""
    name = graded.name
    sample = next((SOLUTIONS / name / "samples").glob("right*.py"))
    report = grade(sample, name, solutions=SOLUTIONS)
    assert report.score == report.max_score
    # Under its own name only: the entry point would register the same module a second time.
    command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider"]
    command += ["-p", "no:grader", "-p", "grader.pytest_plugin"]
    command += [f"--grader-submission={sample}", f"--grader-exercise={name}"]
    command += [f"--grader-solutions={SOLUTIONS}"]
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    clean = {
        variable: value
        for variable, value in os.environ.items()
        if not variable.startswith("PYTEST")
    }
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("platform", ARTIFACTS)
def test_every_artifact_is_made(platform: str, tmp_path: Path) -> None:
    """One exercise after the other, with its files."""
    for name in NAMES:
        exercise = load_exercise(ROOT / "exercises" / name)
        made = package(platform, exercise, SOLUTIONS, tmp_path / name)
        assert made.exists(), name


@pytest.mark.parametrize("name", NAMES)
def test_the_stub_and_a_right_sample_are_checked_without_the_hidden_half(
    name: str, tmp_path: Path
) -> None:
    """`grader check` needs the public half alone, and knows right from not begun."""
    exercise = load_exercise(ROOT / "exercises" / name)
    sample = next((SOLUTIONS / name / "samples").glob("right*.py"))
    said = {}
    for path in (exercise.folder / exercise.file, sample):
        command = [sys.executable, "-P", "-m", "grader", "check", str(path)]
        command += ["--exercise", str(exercise.folder), "--format", "json"]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        said[path] = json.loads(done.stdout)
    not_begun, right = said.values()
    assert not_begun["score"] == 0
    assert right["score"] == right["max_score"]
