"""The grading image for Open edX, the configuration of xqueue-watcher, and the problem."""

import json
from html import escape
from typing import Any

from grader.platforms.parts import PLAIN, RUNNABLE, Parts, Tree, under, without

_TEMPLATES = "xqueue/templates"
_READABLE = 0o044


def files(parts: Parts) -> Tree:
    """Return the image's Dockerfile and files, the watcher's configuration, and the problem."""
    name = parts.exercise.name
    dockerfile = parts.fill(f"{_TEMPLATES}/Dockerfile", IMAGE=_image(parts))
    handler = parts.fill(f"{_TEMPLATES}/in_process.txt")
    return {
        "Dockerfile": (dockerfile, PLAIN),
        f"conf.d/{name}.json": (_json(_containers(parts)), PLAIN),
        f"in-process/conf.d/{name}.json": (_json(_in_process(parts)), PLAIN),
        "in-process/exercise_grader.py": (handler, PLAIN),
        "problem.xml": (_problem(parts), PLAIN),
        **under(
            f"graders/{name}", _readable(without(parts.grading, parts.install))
        ),
        f"graders/{name}/grader.py": (
            parts.fill(f"{_TEMPLATES}/grader.txt"),
            PLAIN,
        ),
        **under("install", parts.install),
        "install/grade.sh": (parts.fill(f"{_TEMPLATES}/grade.sh"), RUNNABLE),
    }


def _readable(tree: Tree) -> Tree:
    # The container runs as an ordinary user, so the solutions cannot be for root alone there.
    return {
        name: (data, mode | _READABLE) for name, (data, mode) in tree.items()
    }


def _json(config: dict[str, Any]) -> bytes:
    return json.dumps(config, indent=2).encode() + b"\n"


def _image(parts: Parts) -> str:
    default = (
        f"exercise-grader/{parts.exercise.name}-xqueue:{parts.grader_version}"
    )
    return parts.image or default


def _containers(parts: Parts) -> dict[str, Any]:
    """Return the configuration of a queue whose submissions are graded in containers."""
    name = parts.exercise.name
    handler = {
        "HANDLER": "xqueue_watcher.containergrader.ContainerGrader",
        "KWARGS": {
            "grader_root": "/graders/",
            "image": _image(parts),
            "backend": "docker",
            "cpu_limit": "1000m",
            "memory_limit": "2Gi",
            "timeout": parts.timeout,
        },
    }
    return {
        name: {"SERVER_REF": "default", "CONNECTIONS": 1, "HANDLERS": [handler]}
    }


def _in_process(parts: Parts) -> dict[str, Any]:
    """Return the configuration of a queue whose submissions the watcher grades by itself.

    It names the server as every version of xqueue-watcher reads it.
    """
    handler = {
        "HANDLER": "exercise_grader.ExerciseGrader",
        "KWARGS": {"grader_root": "/graders/", "timeout": parts.timeout},
    }
    queue = {
        "SERVER": "http://localhost:18040",
        "AUTH": ["user", "password"],
        "CONNECTIONS": 1,
        "HANDLERS": [handler],
    }
    return {parts.exercise.name: queue}


def _problem(parts: Parts) -> bytes:
    payload = json.dumps({"grader": f"{parts.exercise.name}/grader.py"})
    return parts.fill(
        f"{_TEMPLATES}/problem.xml",
        STATEMENT=parts.statement_html,
        TITLE=escape(parts.exercise.title),
        STUB=escape(parts.exercise.stub),
        PAYLOAD=escape(payload),
    )
