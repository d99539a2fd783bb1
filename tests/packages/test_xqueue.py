"""The grading image for Open edX, started as xqueue-watcher's ContainerGrader starts it."""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from grader.platforms import schema

Make = Callable[..., Path]


@pytest.fixture
def container(
    machine: Any,
    make: Make,
    open_folder: Path,
    pip_env: dict[str, str],
    place: Any,
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
        # The Docker backend reads all of standard output as JSON, Kubernetes the last line.
        (line,) = finished.stdout.splitlines()
        if line.startswith("{"):
            jsonschema.validate(
                json.loads(line), json.loads(schema("xqueue-container"))
            )
            return finished, json.loads(line)
        return finished, line

    return folder, grade


def test_xqueue_grades(container: Any, submissions: dict[str, str]) -> None:
    """As an unprivileged user, read-only, without network: only right code earns points."""
    _, grade = container
    outcomes = {name: grade(text) for name, text in submissions.items()}
    assert {finished.returncode for finished, _ in outcomes.values()} == {0}
    replies = {name: reply for name, (_, reply) in outcomes.items()}
    scores = {name: reply["score"] for name, reply in replies.items()}
    assert scores == {"right": 1.0, "wrong": 0.0, "broken": 0.0, "hostile": 0.0}
    assert [name for name, reply in replies.items() if reply["correct"]] == [
        "right"
    ]
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
    finished, line = grade(submissions["right"])
    assert finished.returncode == 0
    assert line.startswith("not graded: grader: submission: not graded: ")
    assert "settings.json: cannot be read" in line


def test_xqueue_takes_a_secret_from_its_folder(
    container: Any, submissions: dict[str, str]
) -> None:
    """The watcher passes three variables only, so a secret is a file beside settings.json."""
    folder, grade = container
    secret = folder / "graders" / "convolution" / "secret"
    secret.write_bytes(b"s" * 16)
    secret.chmod(0o644)
    finished, reply = grade(submissions["right"])
    assert reply["score"] == 1
    assert "with the secret of --secret-file" in finished.stderr


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
    assert (
        folder / arguments["grader_root"].strip("/") / payload["grader"]
    ).is_file()
    assert problem.find(".//coderesponse").get("queuename") in config
    assert "def convolve" in problem.findtext(".//initial_display")
    dockerfile = (folder / "Dockerfile").read_text()
    assert all(
        (folder / line.split()[1]).exists()
        for line in dockerfile.splitlines()
        if line.startswith("COPY")
    )
    assert arguments["image"] in dockerfile
    image = "registry.example.org/course/conv:1"
    folder = make("xqueue", "named", image=image)
    config = json.loads((folder / "conf.d" / "convolution.json").read_text())
    assert config["convolution"]["HANDLERS"][0]["KWARGS"]["image"] == image
    assert f"docker push {image}" in (folder / "Dockerfile").read_text()


# ------------------------------------------------------------------ without containers


@pytest.fixture
def handler(
    container: Any, machine: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Any]]:
    """Make the handler as `Manager.client_from_config` of xqueue-watcher does."""
    folder, _ = container
    config = json.loads(
        (folder / "in-process" / "conf.d" / "convolution.json").read_text()
    )
    (settings,) = config["convolution"]["HANDLERS"]
    monkeypatch.syspath_prepend(str(folder / "in-process"))
    module, name = settings["HANDLER"].rsplit(".", 1)
    arguments = {
        **settings["KWARGS"],
        "grader_root": str(folder / "graders"),
        "python": str(machine.venv.host / "bin" / "python"),
    }
    handle = getattr(importlib.import_module(module), name)(**arguments)
    payload = etree.parse(folder / "problem.xml").findtext(".//grader_payload")

    def give(code: str, payload: str = payload) -> Any:
        # What the queue gives, for `XQueueClient._handle_submission`.
        body = {"student_response": code, "grader_payload": payload}
        return handle({"xqueue_body": json.dumps(body), "xqueue_files": "{}"})

    yield give
    sys.modules.pop(module)


def test_a_watcher_without_containers_is_served(
    handler: Any, submissions: dict[str, str]
) -> None:
    """Its handler replies as Open edX reads it: only right code earns points."""
    replies = {name: handler(text) for name, text in submissions.items()}
    for reply in replies.values():
        jsonschema.validate(reply, json.loads(schema("xqueue")))
        etree.fromstring(reply["msg"])
    scores = {name: reply["score"] for name, reply in replies.items()}
    assert scores == {"right": 1.0, "wrong": 0.0, "broken": 0.0, "hostile": 0.0}
    assert handler("x = 1\n" + "# é\n" * 200_000)["score"] == 0


def test_a_watcher_without_containers_sends_no_reply_for_our_faults(
    handler: Any,
    container: Any,
    submissions: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A fault of ours gives no reply, and the watcher's log has the reason."""
    folder, _ = container
    (folder / "graders" / "convolution" / "settings.json").write_text("{}")
    assert handler(submissions["right"]) is None
    assert "settings.json: cannot be read" in caplog.text


def test_a_payload_cannot_leave_the_graders(handler: Any) -> None:
    """A path that leads out of grader_root is refused."""
    for path in ("../elsewhere/grader.py", "/etc/passwd"):
        with pytest.raises(ValueError, match="subpath"):
            handler("x = 1", json.dumps({"grader": path}))
