"""A question folder for PrairieLearn, with the Dockerfile of its grading image."""

import json
import uuid
from typing import Any

from grader.platforms.parts import PLAIN, RUNNABLE, Parts, Tree, under, without

_TEMPLATES = "prairielearn/templates"
# Any UUID of version 4 will do for a question, but an exercise must keep its own from build to
# build.
_NAMESPACE = uuid.UUID("6f1f2c58-5c9e-4a0e-8a53-6f6b0a3c8e11")
_LONGEST = 600
"""Seconds that PrairieLearn allows at most."""


def files(parts: Parts) -> Tree:
    """Return the question, with the Dockerfile of its grading image in `environment/`."""
    info = json.dumps(_info(parts), indent=2).encode() + b"\n"
    dockerfile = parts.fill(f"{_TEMPLATES}/Dockerfile", IMAGE=_image(parts))
    return {
        "info.json": (info, PLAIN),
        "question.html": (_page(parts), PLAIN),
        parts.exercise.file: (parts.stub, PLAIN),
        "tests/run.sh": (parts.fill(f"{_TEMPLATES}/run.sh"), RUNNABLE),
        **under("tests", without(parts.grading, parts.install)),
        **under("environment", parts.install),
        "environment/Dockerfile": (dockerfile, PLAIN),
    }


def _info(parts: Parts) -> dict[str, Any]:
    name = parts.exercise.name
    return {
        "uuid": _uuid4(f"prairielearn/{name}"),
        "title": parts.exercise.title,
        "topic": "Programming",
        "tags": ["code", "python"],
        "type": "v3",
        "gradingMethod": "External",
        "singleVariant": True,
        "showCorrectAnswer": False,
        "partialCredit": True,
        "externalGradingOptions": {
            "image": _image(parts),
            "entrypoint": "/grade/tests/run.sh",
            "timeout": min(_LONGEST, parts.timeout),
            "enableNetworking": False,
        },
    }


def _image(parts: Parts) -> str:
    default = f"exercise-grader/{parts.exercise.name}:{parts.grader_version}"
    return parts.image or default


def _page(parts: Parts) -> bytes:
    # As HTML, because PrairieLearn's <markdown> would end at a `</markdown>` in the statement.
    template = f"{_TEMPLATES}/question.html"
    return parts.fill(template, STATEMENT=parts.statement_html)


def _uuid4(name: str) -> str:
    """Return a UUID of version 4 that depends on the name alone."""
    derived = uuid.uuid5(_NAMESPACE, name)
    return str(uuid.UUID(bytes=derived.bytes, version=4))
