"""The grading image for Open edX, started as xqueue-watcher's ContainerGrader starts it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from grader.platforms import schema

Make = Callable[..., Path]


@pytest.fixture
def container(
    machine: Any, make: Make, open_folder: Path, pip_env: dict[str, str], place: Any
) -> Any:
    """Install as the Dockerfile does; return the artifact and a function that runs it."""
    folder = make("xqueue", "xqueue")
    install = place(folder / "install", "/graders")
    command = ["bash", install / "install.sh", machine.venv.path]
    done = machine.run(command, install, env=pip_env, network=True, timeout=600)
    assert done.returncode == 0, done.stderr
    image = open_folder / "image"
    image.mkdir()

    def grade(code: str, **environ: str) -> Any:
        # The Docker backend mounts the problem's folder at /graders, read-only, and switches the
        # network off.
        graders = place(folder / "graders" / "convolution", "/graders")
        script = place(folder / "install", "/autograder")
        finished = machine.run(
            ["/bin/sh", script / "grade.sh", graders / "grader.py", "1234"],
            graders,
            script,
            env={
                "SUBMISSION_CODE": code,
                "GRADER_LANGUAGE": "en",
                "HIDE_OUTPUT": "0",
                **environ,
            },
            user=1000,
            read_only=True,
        )
        last = [line for line in finished.stdout.splitlines() if line.strip()][-1]
        reply = json.loads(last)
        jsonschema.validate(reply, json.loads(schema("xqueue-container")))
        return finished, reply

    return folder, grade


def test_xqueue_grades(container: Any, submissions: dict[str, str]) -> None:
    """As an unprivileged user, read-only, without network: only right code earns points."""
    _, grade = container
    outcomes = {name: grade(text) for name, text in submissions.items()}
    assert {finished.returncode for finished, _ in outcomes.values()} == {0}
    replies = {name: reply for name, (_, reply) in outcomes.items()}
    scores = {name: reply["score"] for name, reply in replies.items()}
    assert scores == {"right": 1.0, "wrong": 0.0, "broken": 0.0, "hostile": 0.0}
    assert [name for name, reply in replies.items() if reply["correct"]] == ["right"]
    assert replies["broken"]["errors"]
    assert "turned by 180 degrees" in replies["wrong"]["tests"][0][1]
    assert grade(submissions["wrong"], HIDE_OUTPUT="1")[1]["tests"] == []


def test_xqueue_takes_any_submission(container: Any) -> None:
    """Nothing at all and a hundred thousand characters both get an answer."""
    _, grade = container
    assert "empty" in grade("")[1]["errors"][0]
    assert grade("x = 1\n" + "# é\n" * 20_000)[1]["score"] == 0


def test_xqueue_tells_its_own_faults(
    container: Any, submissions: dict[str, str]
) -> None:
    """A fault of ours is no reply, so the queue offers the submission again; the status stays 0."""
    folder, grade = container
    (folder / "graders" / "convolution" / "settings.json").write_text("{}")
    finished, reply = grade(submissions["right"])
    assert finished.returncode == 0
    assert set(reply) == {"grader_error"}


def test_xqueue_configuration_is_whole(make: Make) -> None:
    """The handler's limits cover the exercise's, and the problem names paths in the image."""
    folder = make("xqueue", "whole")
    config = json.loads((folder / "conf.d" / "convolution.json").read_text())
    (handler,) = config["convolution"]["HANDLERS"]
    arguments = handler["KWARGS"]
    assert set(arguments) <= {
        "grader_root",
        "image",
        "backend",
        "cpu_limit",
        "memory_limit",
        "timeout",
    }
    assert arguments["timeout"] >= 60
    problem = etree.parse(folder / "problem.xml")
    payload = json.loads(problem.findtext(".//grader_payload"))
    assert (folder / arguments["grader_root"].strip("/") / payload["grader"]).is_file()
    assert problem.find(".//coderesponse").get("queuename") in config
    assert "def convolve" in problem.findtext(".//initial_display")
    dockerfile = (folder / "Dockerfile").read_text()
    assert all(
        (folder / line.split()[1]).exists()
        for line in dockerfile.splitlines()
        if line.startswith("COPY")
    )
    assert arguments["image"] in dockerfile
