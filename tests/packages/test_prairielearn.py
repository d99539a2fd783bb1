"""The PrairieLearn question folder, mounted and started as PrairieLearn's external grader does."""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree, html

from grader.platforms import schema
from grader.platforms.parts import shipped_text
from grader.vocabulary import GRADER_FAULT

Make = Callable[..., Path]
INFO_SCHEMA = "prairielearn/info.schema.json"


@pytest.fixture
def question(
    machine: Any,
    make: Make,
    open_folder: Path,
    pip_env: dict[str, str],
    place: Any,
) -> Any:
    """Install as the image does; return the question's folder and a function that grades files."""
    folder = make("prairielearn", "question")
    install = place(folder / "environment", "/graders")
    # What the Dockerfile runs, in the place where it copies to.
    assert (
        "RUN bash /opt/install/install.sh /opt/exercise-grader"
        in (folder / "environment" / "Dockerfile").read_text()
    )
    command = ["bash", install / "install.sh", machine.venv.path]
    done = machine.run(command, install, env=pip_env, network=True, timeout=600)
    assert done.returncode == 0, done.stderr

    def grade(files: dict[str, str], **environ: str) -> Any:
        # The job's folder, as PrairieLearn builds it: no results/, everything else beside tests/.
        home = open_folder / "job"
        shutil.rmtree(home, ignore_errors=True)
        for name in ("serverFilesCourse", "shared", "student", "data"):
            (home / name).mkdir(parents=True)
        shutil.copytree(folder / "tests", home / "tests")
        (home / "data" / "data.json").write_text("{}")
        for name, text in files.items():
            (home / "student" / name).write_text(text)
        root = place(home, "/grade")
        entrypoint = json.loads((folder / "info.json").read_text())[
            "externalGradingOptions"
        ]["entrypoint"]
        (home / Path(entrypoint).relative_to("/grade")).chmod(0o755)
        command = [entrypoint.replace("/grade", root.path)]
        finished = machine.run(command, root, env=environ)
        data = (home / "results" / "results.json").read_bytes()
        assert len(data) <= 1024 * 1024
        result = json.loads(data)
        jsonschema.validate(result, json.loads(schema("prairielearn")))
        return finished, result

    return folder, grade


def test_prairielearn_grades(
    question: Any, submissions: dict[str, str]
) -> None:
    """Right is 1, wrong is 0 with pictures, broken costs no attempt, and hostile earns nothing."""
    _, grade = question
    outcomes = {
        name: grade({"convolve.py": text}) for name, text in submissions.items()
    }
    assert {finished.returncode for finished, _ in outcomes.values()} == {0}
    results = {name: result for name, (_, result) in outcomes.items()}
    assert {name: result.get("score") for name, result in results.items()} == {
        "right": 1.0, "wrong": 0.0, "broken": None, "hostile": 0.0,
    }  # fmt: skip
    assert results["broken"]["gradable"] is False
    images = [
        image for test in results["wrong"]["tests"] for image in test["images"]
    ]
    assert len(images) == 4
    for image in images:
        picture = etree.fromstring(base64.b64decode(image["url"].split(",")[1]))
        assert picture.tag == "{http://www.w3.org/2000/svg}svg"


def test_prairielearn_tells_its_own_faults(
    question: Any, submissions: dict[str, str]
) -> None:
    """A grader that was changed on the server costs no attempt and has no score."""
    folder, grade = question
    settings = folder / "tests" / "settings.json"
    settings.write_text(
        settings.read_text().replace(
            '"grader_version": "', '"grader_version": "9'
        )
    )
    finished, result = grade({"convolve.py": submissions["right"]})
    assert finished.returncode == 0
    assert result["gradable"] is False
    assert "score" not in result
    assert result["format_errors"] == [GRADER_FAULT]
    assert "is installed here" in finished.stderr


def test_prairielearn_takes_the_secret_from_its_environment(
    question: Any, submissions: dict[str, str]
) -> None:
    """What `externalGradingOptions.environment` sets is what the hidden inputs are drawn with."""
    _, grade = question
    finished, _ = grade(
        {"convolve.py": submissions["right"]}, GRADER_SECRET="s" * 16
    )
    assert "with the secret in GRADER_SECRET" in finished.stderr


def test_prairielearn_question_names_the_image_of_the_operator(
    make: Make,
) -> None:
    """--image is what info.json names, and what the Dockerfile says to build and push."""
    name = "registry.example.org/course/conv:1"
    folder = make("prairielearn", "image", image=name)
    info = json.loads((folder / "info.json").read_text())
    assert info["externalGradingOptions"]["image"] == name
    assert (
        f"docker push {name}"
        in (folder / "environment" / "Dockerfile").read_text()
    )


def test_prairielearn_question_is_whole(make: Make) -> None:
    """info.json is valid, its files exist, and the page has an editor for the file to grade."""
    folder = make("prairielearn", "whole")
    info = json.loads((folder / "info.json").read_text())
    jsonschema.validate(info, json.loads(shipped_text(INFO_SCHEMA)))
    page = html.fragment_fromstring(
        (folder / "question.html").read_text(), create_parent="div"
    )
    editor = page.find(".//pl-file-editor")
    assert editor.get("file-name") == "convolve.py"
    assert (folder / editor.get("source-file-name")).is_file()
    assert (
        page.find(".//pl-submission-panel/pl-external-grader-results")
        is not None
    )
    assert "{{" not in (folder / "question.html").read_text()
    assert (
        json.loads((make("prairielearn", "again") / "info.json").read_text())[
            "uuid"
        ]
        == info["uuid"]
    )


def test_shell_scripts_parse(make: Make) -> None:
    """Every script of every artifact is valid shell."""
    for platform in ("prairielearn", "xqueue", "github"):
        scripts = list(make(platform, f"shell-{platform}").rglob("*.sh"))
        assert scripts
        for script in scripts:
            shell = (
                script.read_text().splitlines()[0].split()[-1].split("/")[-1]
            )
            done = subprocess.run(
                ["/usr/bin/env", shell, "-n", str(script)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, (script, done.stderr)
