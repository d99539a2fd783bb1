"""Reads what an artifact is put together from: the exercise, and the grader that is running."""

import functools
import re
import sys
from importlib import resources
from pathlib import Path

import msgspec

from grader.exercise import (
    find_solutions,
    load_exercise,
    load_solutions,
    require_validated,
)
from grader.exercise.lookup import EXERCISE_FILE, REFERENCE_FILE
from grader.model import Exercise
from grader.packaging import wheel as wheels
from grader.packaging.settings import Settings
from grader.packaging.statement import read_statement
from grader.platforms.parts import PLAIN, RUNNABLE, Chapter, Parts, Tree
from grader.version import __version__

_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_OWNER_ONLY = 0o600
_SAMPLES = "samples/"
"""Worked-out samples are not part of what grades."""


def read_parts(
    exercise: Exercise, image: str | None = None, *, whole_set: bool = False
) -> Parts:
    """Return the parts of an artifact that holds nothing hidden.

    With `whole_set` they have the other exercises and lessons of the course, too.
    """
    public = _public(exercise)
    installed = install(exercise.packages)
    statement = read_statement(exercise)
    checking = _settings(exercise, public_only=True) | installed | public
    return Parts(
        exercise=exercise,
        grader_version=__version__,
        python=_PYTHON,
        timeout=_timeout(exercise),
        statement=statement.markdown,
        statement_alone=statement.alone,
        pictures=statement.pictures,
        statement_html=statement.html,
        absent=statement.absent,
        lesson=_lesson(exercise),
        lessons=_lessons(exercise) if whole_set else _lesson(exercise),
        chapters=_chapters(exercise, whole_set=whole_set),
        install=installed,
        public=public,
        checking=checking,
        image=image,
        sample_answer="",
        max_score=0.0,
        grading={},
    )


def with_hidden_half(
    parts: Parts, solutions: Path | None, secret: bytes | None
) -> Parts:
    """Return the parts with what grades: the hidden half and, where one is given, the secret.

    Raises UsageError where there are no solutions.
    """
    hidden = _hidden(parts.exercise, solutions)
    if secret is not None:
        hidden["secret"] = (secret, _OWNER_ONLY)
    settings = _settings(parts.exercise, public_only=False)
    grading = settings | parts.install | parts.public | hidden
    reference, _ = hidden[f"solutions/{parts.exercise.name}/{REFERENCE_FILE}"]
    return parts._replace(
        grading=grading,
        sample_answer=reference.decode(),
        max_score=_max_score(parts.exercise, solutions),
    )


@functools.cache
def install(packages: tuple[str, ...] = ()) -> Tree:
    """Return the wheel, the pinned requirements, and the script that installs both."""
    name, data = wheels.wheel()
    file = resources.files(__package__).joinpath("install.sh")
    script = file.read_text(encoding="utf-8").replace("@PYTHON@", _PYTHON)
    return {
        f"wheels/{name}": (data, PLAIN),
        "requirements.txt": (wheels.requirements(packages).encode(), PLAIN),
        "install.sh": (script.encode(), RUNNABLE),
    }


def _settings(exercise: Exercise, *, public_only: bool) -> Tree:
    # Beside the solutions, less than full isolation is refused: on some platforms everything runs
    # as one user, so nothing else would keep a submission from reading the reference. An operator
    # may settle for less in settings.json.
    settings = Settings(
        exercise=exercise.name,
        grader_version=__version__,
        require_isolation="none" if public_only else "full",
        public_only=public_only,
    )
    text = msgspec.json.format(msgspec.json.encode(settings))
    return {"settings.json": (text + b"\n", PLAIN)}


def _public(exercise: Exercise) -> Tree:
    files = wheels.tree(exercise.folder, f"exercises/{exercise.name}")
    return {name: (data, PLAIN) for name, data in files}


def _hidden(exercise: Exercise, solutions: Path | None) -> Tree:
    prefix = f"solutions/{exercise.name}"
    folder = find_solutions(exercise, solutions)
    require_validated(exercise, folder)
    files = wheels.tree(folder, prefix)
    return {
        name: (data, _OWNER_ONLY)
        for name, data in files
        if not name.startswith(f"{prefix}/{_SAMPLES}")
    }


def _max_score(exercise: Exercise, solutions: Path | None) -> float:
    folder = find_solutions(exercise, solutions)
    rows = load_solutions(exercise, folder, validated=False).rows
    points = (row.points or exercise.points for row in rows)
    return float(sum(points))


def _lesson(exercise: Exercise) -> Tree:
    path = lesson_path(exercise)
    if path is None:
        return {}
    return {path.name: (wheels.packed(path.parent, (path.name,)), PLAIN)}


def lesson_path(exercise: Exercise) -> Path | None:
    """Return the notebook with the lesson of an exercise; None if it has none.

    A lesson has the name of its exercise, or checks several exercises by their names.
    """
    # Beside `exercises/`, be that in a checkout, in the installed package or in a course of one's
    # own.
    notebooks = exercise.folder.parent.parent / "notebooks"
    path = notebooks / f"{exercise.name}.ipynb"
    if path.is_file():
        return path
    checked = re.compile(rb'check\(\w+, \\"%s\\"\)' % exercise.name.encode())
    for path in sorted(notebooks.glob("*.ipynb")):
        if checked.search(wheels.packed(notebooks, (path.name,))):
            return path
    return None


def _lessons(exercise: Exercise) -> Tree:
    notebooks = exercise.folder.parent.parent / "notebooks"
    found = sorted(notebooks.glob("*.ipynb"))
    return {
        path.name: (wheels.packed(notebooks, (path.name,)), PLAIN)
        for path in found
    }


def _chapters(exercise: Exercise, *, whole_set: bool) -> tuple[Chapter, ...]:
    if not whole_set:
        return (_chapter(exercise),)
    found = sorted(exercise.folder.parent.glob(f"*/{EXERCISE_FILE}"))
    return tuple(_chapter(load_exercise(path.parent)) for path in found)


def _chapter(exercise: Exercise) -> Chapter:
    statement = read_statement(exercise)
    files = dict(statement.pictures)
    for name in exercise.files:
        files[name] = (wheels.packed(exercise.folder, (name,)), PLAIN)
    if not wheels.carries(exercise.folder):
        public = wheels.tree(exercise.folder, "")
        files |= {name.lstrip("/"): (data, PLAIN) for name, data in public}
    return Chapter(exercise, statement.alone, files)


def _timeout(exercise: Exercise) -> int:
    limits = exercise.limits
    loading = max(limits.load_s, limits.notebook_s) + limits.load_s
    return int(loading + limits.total_s) + 30
