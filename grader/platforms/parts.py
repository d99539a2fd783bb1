"""What artifacts are put together from: trees of files, and templates with @NAMES@ to fill in."""

import io
import re
import zipfile
from importlib import resources
from typing import NamedTuple

from grader.model import Exercise

Tree = dict[str, tuple[bytes, int]]
"""Path in the artifact, with / between folders -> its bytes and its permissions."""

PLAIN = 0o644
RUNNABLE = 0o755
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Chapter(NamedTuple):
    """One exercise of a set, as a notebook shows it to students who have nothing else."""

    exercise: Exercise
    statement: str
    """Its README in Markdown."""
    files: Tree
    """What lies beside the notebook: pictures, files to be read, and what `check` needs."""


class Parts(NamedTuple):
    """An exercise, and all that an artifact can take from it and from the running grader."""

    exercise: Exercise
    grader_version: str
    python: str
    """The version of Python that the requirements were pinned for, such as `3.11`."""
    timeout: int
    """Seconds that a platform must allow: every limit used up, and the grader's own start."""
    statement: str
    """The exercise's README, in Markdown, for students who have the exercise's files."""
    statement_alone: str
    """The README in Markdown, for students who have a notebook and no files."""
    pictures: Tree
    """The pictures that the README shows, by their path beside it."""
    statement_html: str
    """The README as XHTML that stands alone, for students who have an editor and no files."""
    absent: tuple[str, ...]
    """What `statement_html` speaks of although those students do not have it."""
    lesson: Tree
    """The notebook of the lesson, by its name; empty if there is none."""
    lessons: Tree
    """All lessons of the set, by their names; empty where one exercise is asked for."""
    chapters: tuple[Chapter, ...]
    """The exercises of the set, or the one that is asked for."""
    install: Tree
    """The wheel, the pinned requirements, and `install.sh`, which installs both."""
    public: Tree
    """The public half of the exercise."""
    checking: Tree
    """A --source for `grader.packaging.entry` that runs the public examples only."""
    image: str | None
    """The name that the operator gives to the grading image, if they gave one."""
    sample_answer: str
    """An answer that gets full marks. Empty in an artifact that is made without the hidden half."""
    max_score: float
    """The points of all hidden cases. 0 in an artifact that is made without the hidden half."""
    grading: Tree
    """A --source that grades: with the hidden half and, where one was given, the secret.

    Empty in an artifact that is made without the hidden half.
    """

    @property
    def stub(self) -> bytes:
        """The file that a student starts from."""
        return self.exercise.stub.encode()

    def fill(self, template: str, **names: str) -> bytes:
        """Return a template, given as a path under `platforms/`, with its @NAMES@ filled in."""
        known = {
            "EXERCISE": self.exercise.name,
            "TITLE": self.exercise.title,
            "FUNCTION": self.exercise.function,
            "FILE": self.exercise.file,
            "VERSION": self.grader_version,
            "PYTHON": self.python,
            "TIMEOUT": str(self.timeout),
            **names,
        }

        def filled(found: re.Match[str]) -> str:
            return known.get(found[1], found[0])

        # In one pass: what is filled in is not looked at again.
        return re.sub(r"@([A-Z_]+)@", filled, shipped_text(template)).encode()


def shipped_text(path: str) -> str:
    """Return a text file that ships with a platform, by its path under `platforms/`."""
    file = resources.files(__package__).joinpath(path)
    return file.read_text(encoding="utf-8")


def under(folder: str, tree: Tree) -> Tree:
    """Return a tree moved into a folder."""
    return {f"{folder}/{name}": file for name, file in tree.items()}


def without(tree: Tree, other: Tree) -> Tree:
    """Return a tree without the paths of another."""
    return {name: file for name, file in tree.items() if name not in other}


def zipped(tree: Tree) -> bytes:
    """Return a zip archive of a tree, without dates: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (data, mode) in sorted(tree.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            # Unix: otherwise unzip drops the permissions, and `run_autograder` cannot be run.
            info.create_system = 3
            info.external_attr = (0o100000 | mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()
