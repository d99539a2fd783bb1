"""What `jupyter lite build` makes a site of: settings, notebooks, and the grader's wheel.

Source: https://jupyterlite.readthedocs.io, for jupyterlite-core 0.8 and its Pyodide kernel: the
folder `files` is what students see, `pypi` holds wheels, `jupyter-lite.json` the settings, and
`index.html` takes the place of a front page that opens nothing.

The kernel installs the grader from `pypi`, which it asks before any index: nobody who registers
that name elsewhere runs code in a student's browser. NumPy, msgspec and Jinja2 come with Pyodide.
"""

import json
import re
from typing import Any, Final
from urllib.parse import quote

from grader.platforms.parts import PLAIN, Chapter, Parts, Tree, under
from grader.untrusted import for_html

_INSTALL: Final = "%pip install -q exercise-grader"
_NOTE: Final = re.compile(
    r"<!-- notebook -->\s*\*\(If that cell says.*?<!-- /notebook -->\s*",
    re.DOTALL,
)
"""How a lesson says where to install the grader from: here its first cell does so."""
_KERNEL: Final = {
    "display_name": "Python (Pyodide)",
    "language": "python",
    "name": "python",
}
_SETTINGS: Final = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {"defaultKernelName": _KERNEL["name"]},
}

Json = dict[str, Any]


def files(parts: Parts) -> Tree:
    """Return the source of the site: the lessons, a notebook for each exercise, and the wheel."""
    notebooks: Tree = {
        name: _lesson(data) for name, (data, _) in parts.lessons.items()
    }
    for chapter in parts.chapters:
        notebooks |= under(f"exercises/{chapter.exercise.name}", _own(chapter))
    wheels = {
        name.partition("/")[2]: file
        for name, file in parts.install.items()
        if name.endswith(".whl")
    }
    return {
        "index.html": (_front_page(parts), PLAIN),
        "jupyter-lite.json": (_text(_SETTINGS), PLAIN),
        **under("pypi", wheels),
        **under("files", notebooks),
    }


def _front_page(parts: Parts) -> bytes:
    """Return the page that lists the notebooks."""
    lessons = "".join(
        _link(name, _title(data)) for name, (data, _) in parts.lessons.items()
    )
    heading = "<h2>Lessons</h2>\n<ul>\n{}</ul>\n"
    exercises = "".join(
        _link(f"exercises/{name}/{name}.ipynb", chapter.exercise.title)
        for chapter in parts.chapters
        for name in [chapter.exercise.name]
    )
    return parts.fill(
        "jupyterlite/templates/index.html",
        LESSONS=heading.format(lessons) if lessons else "",
        EXERCISES=exercises,
    )


def _link(path: str, title: str) -> str:
    address = for_html(f"notebooks/index.html?path={quote(path)}")
    return f'<li><a href="{address}">{for_html(title)}</a></li>\n'


def _title(notebook: bytes) -> str:
    """Return the first heading of a notebook."""
    for cell in json.loads(notebook)["cells"]:
        for line in "".join(cell["source"]).splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("# "):
                return line.removeprefix("# ")
    return "A lesson"


def _lesson(data: bytes) -> tuple[bytes, int]:
    """Return a lesson whose first code cell installs the grader."""
    notebook = json.loads(data)
    cells = notebook["cells"]
    code = [at for at, cell in enumerate(cells) if cell["cell_type"] == "code"]
    cells.insert(min(code, default=0), _code("install", _INSTALL))
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and _NOTE.search(source):
            cell["source"] = _NOTE.sub("", source)
    notebook["metadata"] = {**notebook["metadata"], "kernelspec": _KERNEL}
    return _text(notebook), PLAIN


def _own(chapter: Chapter) -> Tree:
    """Return the folder of one exercise: its notebook, and the files that it speaks of."""
    exercise = chapter.exercise
    needed = " ".join([_INSTALL, *exercise.packages])
    setup = f"{needed}\n\nfrom grader import check"
    statement = {
        "cell_type": "markdown",
        "id": "statement",
        "metadata": {},
        "source": chapter.statement,
    }
    notebook = {
        "cells": [
            statement,
            _code("install", setup),
            _code("exercise", exercise.stub.strip()),
            _code("check", f'check(exercise="{exercise.name}")'),
        ],
        "metadata": {
            "kernelspec": _KERNEL,
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    name = f"{exercise.name}.ipynb"
    return {**chapter.files, name: (_text(notebook), PLAIN)}


def _code(name: str, source: str) -> Json:
    return {
        "cell_type": "code",
        "id": name,
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _text(content: Json) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
