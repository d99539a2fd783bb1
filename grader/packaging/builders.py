"""One function per platform: parts -> the files of its artifact."""

import base64
import json
import uuid
from html import escape

from grader.packaging.parts import PLAIN, RUNNABLE, Parts, Tree, under
from grader.packaging.wheel import zipped
from grader.version import __version__

# Any UUID of version 4 will do for a question, but the same exercise must keep its own from build
# to build.
_NAMESPACE = uuid.UUID("6f1f2c58-5c9e-4a0e-8a53-6f6b0a3c8e11")


def gradescope(parts: Parts) -> Tree:
    """Give `setup.sh` and `run_autograder` at the root of the archive, beside what they use."""
    return {
        **parts.grading(),
        "setup.sh": (parts.fill("gradescope/setup.sh"), RUNNABLE),
        "run_autograder": (parts.fill("gradescope/run_autograder"), RUNNABLE),
    }


def prairielearn(parts: Parts) -> Tree:
    """Give a question folder, with the Dockerfile of its grading image in `environment/`."""
    name = parts.exercise.name
    info = {
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
            "image": f"exercise-grader/{name}:{__version__}",
            "entrypoint": "/grade/tests/run.sh",
            "timeout": min(600, parts.timeout()),
            "enableNetworking": False,
        },
    }
    grading = parts.grading()
    # A mustache in the statement would be filled in by PrairieLearn.
    statement = (
        parts.statement().replace("{{", "&#123;&#123;").replace("}}", "&#125;&#125;")
    )
    page = parts.fill("prairielearn/question.html", STATEMENT=statement)
    return {
        "info.json": (json.dumps(info, indent=2).encode() + b"\n", PLAIN),
        "question.html": (page, PLAIN),
        f"{parts.exercise.function}.py": (parts.stub(), PLAIN),
        "tests/run.sh": (parts.fill("prairielearn/run.sh"), RUNNABLE),
        **under(
            "tests",
            {
                path: file
                for path, file in grading.items()
                if path not in parts.install()
            },
        ),
        **under("environment", parts.install()),
        "environment/Dockerfile": (parts.fill("prairielearn/Dockerfile"), PLAIN),
    }


def xqueue(parts: Parts) -> Tree:
    """Give the grading image, the configuration of xqueue-watcher and the problem for the course."""
    name = parts.exercise.name
    # The container runs as an ordinary user, so the solutions cannot be for root alone there.
    grading = parts.grading()
    readable = {
        path: (data, mode | 0o044)
        for path, (data, mode) in grading.items()
        if path not in parts.install()
    }
    handler = {
        "HANDLER": "xqueue_watcher.containergrader.ContainerGrader",
        "KWARGS": {
            "grader_root": "/graders/",
            "image": f"exercise-grader/{name}-xqueue:{__version__}",
            "backend": "docker",
            "cpu_limit": "1000m",
            "memory_limit": "2Gi",
            "timeout": parts.timeout(),
        },
    }
    config = {name: {"SERVER_REF": "default", "CONNECTIONS": 1, "HANDLERS": [handler]}}
    payload = json.dumps({"grader": f"{name}/grader.py"})
    problem = parts.fill(
        "xqueue/problem.xml",
        STATEMENT=parts.statement_html(),
        STUB=escape(parts.exercise.stub),
        PAYLOAD=escape(payload),
    )
    return {
        "Dockerfile": (parts.fill("xqueue/Dockerfile"), PLAIN),
        f"conf.d/{name}.json": (json.dumps(config, indent=2).encode() + b"\n", PLAIN),
        "problem.xml": (problem, PLAIN),
        **under(f"graders/{name}", readable),
        f"graders/{name}/grader.py": (parts.fill("xqueue/grader.txt"), PLAIN),
        **under("install", parts.install()),
        "install/grade.sh": (parts.fill("xqueue/grade.sh"), RUNNABLE),
    }


def coderunner(parts: Parts) -> Tree:
    """Give the question for Moodle, and what is installed once on the Jobe server that runs it."""
    bundle = zipped(parts.grading())
    limits = {"numprocs": 64, "streamsize": 4, "disklimit": 200}
    question = parts.fill(
        "coderunner/question.xml",
        STATEMENT=_cdata(parts.statement_html()),
        TEMPLATE=_cdata(parts.fill("coderunner/template.txt").decode()),
        STUB=_cdata(parts.exercise.stub),
        POINTS="1.0000000",
        PARAMS=escape(json.dumps(limits)),
        MEMORY=str(parts.exercise.limits.memory_mb + 3072),
        BUNDLE=base64.b64encode(bundle).decode("ascii"),
    )
    return {"question.xml": (question, PLAIN), **under("jobe", parts.install())}


def github(parts: Parts) -> Tree:
    """Give two repositories: `template/` that students copy, `grading/` that only the staff can read."""
    notebook = parts.notebook()
    lesson: Tree = (
        {}
        if notebook is None
        else {f"template/{parts.exercise.name}.ipynb": (notebook, PLAIN)}
    )
    return {
        "template/README.md": (parts.statement().encode(), PLAIN),
        f"template/{parts.exercise.function}.py": (parts.stub(), PLAIN),
        **lesson,
        **under("template/.grader", parts.grading(public_only=True)),
        "template/.github/workflows/check.yml": (parts.fill("github/check.yml"), PLAIN),
        **under("grading", parts.grading()),
        "grading/students.txt": (parts.fill("github/students.txt"), PLAIN),
        "grading/grade.sh": (parts.fill("github/grade.sh"), RUNNABLE),
        "grading/autograder.py": (parts.fill("github/autograder.txt"), RUNNABLE),
        "grading/.github/workflows/grade.yml": (parts.fill("github/grade.yml"), PLAIN),
    }


def students(parts: Parts) -> Tree:
    """Give what a student downloads: the statement, the stub, the lesson and the grader; nothing hidden."""
    notebook = parts.notebook()
    lesson: Tree = (
        {} if notebook is None else {f"{parts.exercise.name}.ipynb": (notebook, PLAIN)}
    )
    return {
        "START.md": (parts.fill("students/START.md"), PLAIN),
        f"{parts.exercise.function}.py": (parts.stub(), PLAIN),
        **lesson,
        **parts.install(),
        **parts.public(f"exercises/{parts.exercise.name}"),
    }


def _uuid4(name: str) -> str:
    """Return a UUID of version 4 that depends on the name alone."""
    return str(uuid.UUID(bytes=uuid.uuid5(_NAMESPACE, name).bytes, version=4))


def _cdata(text: str) -> str:
    """Return a CDATA section; `]]>` cannot stand in one, so it is split over two."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
