"""The two repositories for GitHub, their workflows run step by step as a runner does."""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from grader.platforms import schema

Make = Callable[..., Path]


def steps(workflow: Path) -> list[dict[str, Any]]:
    """Return the steps of the only job."""
    (job,) = yaml.safe_load(workflow.read_text())["jobs"].values()
    return list(job["steps"])


@pytest.fixture
def runner(machine: Any, open_folder: Path, pip_env: dict[str, str]) -> Any:
    """Return a function that runs the `run` steps of a workflow in a checkout."""
    temp = open_folder / "runner"
    temp.mkdir()
    (temp / "grader").symlink_to(machine.venv.host)

    def run(repository: Path, workflow: str, **environ: str) -> Any:
        summary = temp / "summary.md"
        summary.write_text("")
        env = {
            **pip_env,
            "RUNNER_TEMP": str(temp),
            "GITHUB_STEP_SUMMARY": str(summary),
            "HOME": str(temp),
            "CI": "true",
        }
        for step in steps(repository / ".github" / "workflows" / workflow):
            if "run" not in step:
                assert step["uses"].split("@")[0] in {
                    "actions/checkout", "actions/setup-python", "actions/upload-artifact",
                }  # fmt: skip
                continue
            named = {
                name: value
                for name, value in step.get("env", {}).items()
                if "${{" not in value
            }
            script = temp / "step.sh"
            script.write_text(step["run"])
            shell = [
                "/bin/bash",
                "--noprofile",
                "--norc",
                "-eo",
                "pipefail",
                str(script),
            ]
            every = {**env, **named, **environ}
            finished = subprocess.run(
                shell,
                cwd=repository,
                env=every,
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
            if finished.returncode:
                break
        return finished, summary.read_text()

    return run


def test_students_repository_checks(
    make: Make, runner: Any, submissions: dict[str, str]
) -> None:
    """A push runs the public examples: green if right, else red, with annotations and a summary."""
    template = make("github", "github") / "template"
    for name, text in submissions.items():
        (template / "convolve.py").write_text(text)
        finished, summary = runner(template, "check.yml")
        assert finished.returncode == (0 if name == "right" else 1), (
            finished.stderr
        )
        lines = [
            line
            for line in finished.stdout.splitlines()
            if line.startswith("::")
        ]
        assert lines
        assert not any("forged" in line.split("::")[1] for line in lines)
        assert "points" in summary
        if name == "wrong":
            assert "Yours:" in summary


def test_students_repository_has_nothing_hidden(make: Make) -> None:
    """The students' repository has no reference, no hidden case, no misconception, no secret."""
    template = (
        make("github", "github", secret=b"secret-of-these-tests") / "template"
    )
    names = {path.name for path in template.rglob("*")}
    assert "exercise.toml" in names
    assert not names & {
        "reference.py",
        "cases.toml",
        "misconceptions.py",
        "secret",
        "solutions",
    }
    assert not any(
        b"secret-of-these-tests" in path.read_bytes()
        for path in template.rglob("*")
        if path.is_file()
    )


def test_staff_repository_grades_everybody(
    make: Make, runner: Any, submissions: dict[str, str], tmp_path: Path
) -> None:
    """The staff's workflow clones all listed repositories, names a missing one, grades the rest."""
    grading = make("github", "github") / "grading"
    for name, text in submissions.items():
        work = tmp_path / "work" / name
        work.mkdir(parents=True)
        (work / "convolve.py").write_text(text)
        git = [
            "git",
            "-C",
            str(work),
            "-c",
            "user.name=s",
            "-c",
            "user.email=s@x",
        ]
        for command in (
            ["init", "-q"],
            ["add", "-A"],
            ["commit", "-q", "-m", "x"],
        ):
            subprocess.run([*git, *command], check=True, capture_output=True)
        (tmp_path / "server" / "course").mkdir(parents=True, exist_ok=True)
        shutil.copytree(work, tmp_path / "server" / "course" / name)
    students = grading / "students.txt"
    students.write_text(
        students.read_text()
        + "".join(f"course/{name}\n" for name in (*submissions, "nobody"))
    )
    environ = {
        "GITHUB_SERVER_URL": f"file://{tmp_path}/server",
        "GRADER_SECRET": "",
        "STUDENTS_TOKEN": "token",
    }
    finished, _ = runner(grading, "grade.yml", **environ)
    assert finished.returncode == 0, finished.stderr
    assert "Not cloned::course/nobody" in finished.stdout
    with (grading / "results" / "gradebook.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    scores = {
        name: float(row["score"])
        for name in submissions
        for row in rows
        if f"course__{name}" in row.values()
    }
    assert scores == {"right": 4, "wrong": 0, "broken": 0, "hostile": 0}


def test_classroom50_runs_the_autograder(
    make: Make,
    machine: Any,
    pip_env: dict[str, str],
    submissions: dict[str, str],
    tmp_path: Path,
) -> None:
    """The runner gets result.json and the page of the release, and a student's link is replaced."""
    bundle = make("github", "github") / "grading"
    (tmp_path / "grader").symlink_to(machine.venv.host)
    identity = {
        "CLASSROOM": "cs",
        "ASSIGNMENT": "conv",
        "OWNER": "alice",
        "SUBMISSION_TAG": "submit/1",
        "COMMIT_URL": "c",
    }
    environ = {
        **pip_env,
        **identity,
        "RELEASE_URL": "r",
        "RUNNER_TEMP": str(tmp_path),
        "HOME": str(tmp_path),
    }
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    ran = tmp_path / "ran"

    def run() -> int:
        command = [sys.executable, str(bundle / "autograder.py")]
        return subprocess.run(
            command, cwd=checkout, env=environ, capture_output=True, check=False
        ).returncode

    # Modules that a student handed in are not taken for those that the setup imports.
    for module in ("pip", "venv", "ensurepip", "json", "grader", "numpy"):
        (checkout / f"{module}.py").write_text(f"open({str(ran)!r}, 'w')\n")
    scores, pages = {}, {}
    for name, text in submissions.items():
        (checkout / "convolve.py").write_text(text)
        assert run() == 0
        pages[name] = (checkout / "release-body.md").read_text()
        result = json.loads((checkout / "result.json").read_text())
        jsonschema.validate(result, json.loads(schema("classroom50")))
        assert (result["owner"], result["max-score"]) == ("alice", 4)
        scores[name] = result["score"]
    assert scores == {"right": 4, "wrong": 0, "broken": 0, "hostile": 0}
    assert not ran.exists()
    # The page of the release is all that a student sees there.
    assert "Hint: " in pages["wrong"]
    assert "turned by 180 degrees" in pages["wrong"]
    assert "Line 2" in pages["broken"]
    # A link that the student handed in is replaced, not followed.
    (checkout / "release-body.md").unlink()
    (checkout / "release-body.md").symlink_to(tmp_path / "elsewhere.md")
    assert run() == 0
    assert not (tmp_path / "elsewhere.md").exists()
    (bundle / "settings.json").unlink()
    assert run() == 1
