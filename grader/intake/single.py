"""The one file that a student means, where a platform hands over all that the student uploaded.

A batch grades the best guess and says so in the report. Here the student can still be asked, so an
upload with two likely files is refused with a line that says what to hand in.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.errors import SUBMISSION_SUFFIXES
from grader.intake.archives import DEEPEST_PATH, legible
from grader.intake.candidates import Candidates
from grader.intake.helpers import Helper, helpers_of
from grader.intake.left_out import why_not_entry, why_not_into
from grader.intake.sources import File, Place
from grader.model import Exercise
from grader.opening import Entry, Folder, Kind, UnreadableError, Way, read_named
from grader.untrusted import file_name

MOST_FILES = 2000
"""Files that are looked at in one upload."""
_PACKAGE = "__init__.py"
_MOST_NAMED = 5
"""File names that fit into one line."""


class Upload(msgspec.Struct, frozen=True):
    """The file to grade."""

    name: str
    data: bytes
    modules: tuple[tuple[str, bytes], ...] = ()
    """What the file imports of the rest: path and bytes of each."""


class NoSubmissionError(Exception):
    """There is no file to grade, or no way to tell which; the text is for the student."""


def one_submission(place: Path, exercise: Exercise) -> Upload:
    """Return the file that the student means: the one at `place`, or the likeliest in that folder.

    In a folder, an unchanged stub counts only where there is nothing else. A file named like the
    function comes first, then the only file, then the only one that defines the function. Links
    are never followed. Raises NoSubmissionError where there is no such file, or more than one.
    """
    name = place.name
    try:
        if place.is_dir() and not place.is_symlink():
            found, helpers = _likeliest(Folder(place), exercise)
            name = found.name
            modules = tuple(
                (each.name, each.file.place.read()) for each in helpers
            )
            return Upload(name, found.place.read(), modules)
        return Upload(name, read_named(place))
    except UnreadableError as error:
        raise NoSubmissionError(
            f"{file_name(name)} cannot be read: {error}. Hand in the file itself."
        ) from error


def _likeliest(
    folder: Folder, exercise: Exercise
) -> tuple[File, tuple[Helper, ...]]:
    """Return the file to grade, and what it imports."""
    wanted = exercise.file
    candidates = Candidates(exercise)
    uploaded = list(_Upload(folder).files(()))
    packages = [file for file in uploaded if file.name == _PACKAGE]
    found = candidates.ranked(file for file in uploaded if file not in packages)
    changed = [file for file in found if not candidates.is_stub(file)]
    for files in (changed, found):
        for choice in _choices(files, candidates):
            if len(choice) == 1:
                others = [*found, *packages]
                return choice[0], helpers_of(
                    choice[0], others, candidates.content
                )
    if not found:
        raise NoSubmissionError(
            f"There is no .py or .ipynb file to grade. Hand in one file called {wanted}."
        )
    names = ", ".join(file_name(file.name) for file in found[:_MOST_NAMED])
    raise NoSubmissionError(
        f"There are {len(found)} files ({names}) and no way to tell which is yours. "
        f"Hand in one, called {wanted}."
    )


def _choices(files: list[File], candidates: Candidates) -> Iterator[list[File]]:
    """Yield ever weaker guesses; the first with a single file decides."""
    yield [file for file in files if candidates.is_named_as_asked(file)]
    yield files
    yield [file for file in files if candidates.defines(file)]


class _Upload:
    """A walk through one upload, which ends however much there is."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._left = MOST_FILES

    def files(self, way: Way) -> Iterator[File]:
        """Yield the .py and .ipynb files below the folder at `way`."""
        for entry in self._folder.entries(way, MOST_FILES):
            self._left -= 1
            if self._left < 0:
                raise NoSubmissionError(
                    f"There are more than {MOST_FILES} files. Hand in your own file only."
                )
            below = (*way, entry.name)
            if entry.kind is Kind.FOLDER and len(below) < DEEPEST_PATH:
                if why_not_into(entry.name) is None:
                    yield from self.files(below)
            elif _may_be_graded(entry):
                yield File(
                    tuple(map(legible, below)), Place(self._folder, below)
                )


def _may_be_graded(entry: Entry) -> bool:
    if not entry.name.lower().endswith(SUBMISSION_SUFFIXES):
        return False
    if entry.name == _PACKAGE:
        return entry.kind is Kind.FILE
    return why_not_entry(entry) is None
