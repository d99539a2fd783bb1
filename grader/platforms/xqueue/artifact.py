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
    config = json.dumps(_config(parts), indent=2).encode() + b"\n"
    return {
        "Dockerfile": (parts.fill(f"{_TEMPLATES}/Dockerfile"), PLAIN),
        f"conf.d/{name}.json": (config, PLAIN),
        "problem.xml": (_problem(parts), PLAIN),
        **under(f"graders/{name}", _readable(without(parts.grading, parts.install))),
        f"graders/{name}/grader.py": (parts.fill(f"{_TEMPLATES}/grader.txt"), PLAIN),
        **under("install", parts.install),
        "install/grade.sh": (parts.fill(f"{_TEMPLATES}/grade.sh"), RUNNABLE),
    }


def _readable(tree: Tree) -> Tree:
    # The container runs as an ordinary user, so the solutions cannot be for root alone there.
    return {name: (data, mode | _READABLE) for name, (data, mode) in tree.items()}


def _config(parts: Parts) -> dict[str, Any]:
    name = parts.exercise.name
    handler = {
        "HANDLER": "xqueue_watcher.containergrader.ContainerGrader",
        "KWARGS": {
            "grader_root": "/graders/",
            "image": f"exercise-grader/{name}-xqueue:{parts.grader_version}",
            "backend": "docker",
            "cpu_limit": "1000m",
            "memory_limit": "2Gi",
            "timeout": parts.timeout,
        },
    }
    return {name: {"SERVER_REF": "default", "CONNECTIONS": 1, "HANDLERS": [handler]}}


def _problem(parts: Parts) -> bytes:
    payload = json.dumps({"grader": f"{parts.exercise.name}/grader.py"})
    return parts.fill(
        f"{_TEMPLATES}/problem.xml",
        STATEMENT=parts.statement_html,
        STUB=escape(parts.exercise.stub),
        PAYLOAD=escape(payload),
    )
