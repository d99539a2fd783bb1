"""The known wrong answers of an exercise, as submissions."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.diagnose import load_catalogue, submission_source
from grader.diagnose.catalogue import LOOPS
from grader.diagnose.load import FILE, alternatives
from grader.exercise.author_file import run_file
from grader.model import Exercise, Solutions


class KnownAnswer(msgspec.Struct, frozen=True):
    """A function of misconceptions.py that stands for students."""

    name: str
    line: int
    is_right: bool = False
    """Whether its results are right, and only the way to them is not."""


def known_answers(
    exercise: Exercise, solutions: Solutions
) -> list[KnownAnswer]:
    """Return the known mistakes, variants included; `ExerciseError` if the file is wrong."""
    path = solutions.folder / FILE
    if not path.is_file():
        return []
    # Loading the catalogue first reports what is wrong with the file.
    load_catalogue(exercise, solutions)
    names = run_file(path, [], exercise.folder, exercise.files) or {}
    whole = names.get("WHOLE", {})
    return [
        KnownAnswer(each.__name__, _line(each), whole.get(each) == LOOPS)
        for each in alternatives(names)
    ]


def _line(function: Any) -> int:  # noqa: ANN401 - a function or a class
    code = getattr(function, "__code__", None)
    if code is None:
        methods = [
            each.__code__
            for each in vars(function).values()
            if hasattr(each, "__code__")
        ]
        code = methods[0] if methods else None
    return 1 if code is None else int(code.co_firstlineno)


def source_of(exercise: Exercise, solutions: Solutions, name: str) -> str:
    """Return the text of a submission with this mistake."""
    key = _Key(exercise, solutions.folder, solutions.digest, name)
    return _source(key)


class _Key(msgspec.Struct, frozen=True):
    exercise: Exercise
    folder: Path
    digest: str
    """Of the folder, so that a changed file is read again."""
    name: str


@functools.lru_cache(
    maxsize=1000
)  # each is needed several times, and runs the whole file
def _source(key: _Key) -> str:
    return submission_source(key.folder, key.exercise, key.name)


def ids_of(name: str) -> frozenset[str]:
    """Return the ids that a function stands for: `a__b` is a variant of `a`.

    `a__and__b` stands for both.
    """
    parts = name.split("__and__")
    return frozenset(
        part.partition("__")[0].replace("_", "-") for part in parts
    )


def known_ids(answers: Sequence[KnownAnswer]) -> list[str]:
    """Return the ids of these answers, each once."""
    found = [name for answer in answers for name in sorted(ids_of(answer.name))]
    return list(dict.fromkeys(found))
