"""The one file that a student means, where a platform hands over all that the student uploaded.

A batch grades the best guess and says so in the report. Here the student can still be asked, so an
upload with two likely files is refused with a line that says what to hand in.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.errors import SUBMISSION_SUFFIXES
from grader.intake.candidates import Candidates
from grader.intake.left_out import why_not, why_not_into
from grader.intake.sources import File
from grader.model import Exercise
from grader.submission.reading import FILE_CAP

MOST_FILES = 2000
"""Files that are looked at in one upload."""
_MOST_NAMED = 5
"""File names that fit into one line."""


class Upload(msgspec.Struct, frozen=True):
    """The file to grade."""

    name: str
    data: bytes


class NoSubmissionError(Exception):
    """There is no file to grade, or no way to tell which; the text is for the student."""


def one_submission(place: Path, exercise: Exercise) -> Upload:
    """Return the file that the student means: the one at `place`, or the likeliest in that folder.

    In a folder, an unchanged stub counts only where there is nothing else. A file named like the
    function comes first, then the only file, then the only one that defines the function. Links
    are never followed. Raises NoSubmissionError where there is no such file, or more than one.
    """
    if place.is_dir() and not place.is_symlink():
        place = _likeliest(place, exercise)
    return Upload(place.name, _content(place))


def _likeliest(folder: Path, exercise: Exercise) -> Path:
    wanted = f"{exercise.function}.py"
    candidates = Candidates(exercise)
    found = candidates.ranked(_files(folder))
    changed = [file for file in found if not candidates.is_stub(file)]
    for files in (changed, found):
        for choice in _choices(files, candidates, exercise.function):
            if len(choice) == 1:
                return choice[0].place
    if not found:
        raise NoSubmissionError(
            f"There is no .py or .ipynb file to grade. Hand in one file called {wanted}."
        )
    names = ", ".join(file.name for file in found[:_MOST_NAMED])
    raise NoSubmissionError(
        f"There are {len(found)} files ({names}) and no way to tell which is yours. "
        f"Hand in one, called {wanted}."
    )


def _choices(
    files: list[File], candidates: Candidates, function: str
) -> Iterator[list[File]]:
    """Yield ever weaker guesses; the first with a single file decides."""
    yield [
        file
        for file in files
        if file.name.rpartition(".")[0].lower() == function.lower()
    ]
    yield files
    yield [file for file in files if candidates.defines(file)]


def _files(folder: Path) -> Iterator[File]:
    """Yield the regular .py and .ipynb files below `folder`, following no links."""
    seen = 0
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if why_not_into(name) is None)
        for name in sorted(names):
            seen += 1
            if seen > MOST_FILES:
                raise NoSubmissionError(
                    f"There are more than {MOST_FILES} files. Hand in your own file only."
                )
            place = Path(here, name)
            if _may_be_graded(place):
                yield File(place.relative_to(folder).parts, place)


def _may_be_graded(place: Path) -> bool:
    if not place.name.lower().endswith(SUBMISSION_SUFFIXES):
        return False
    return why_not(place.name) is None and stat.S_ISREG(place.lstat().st_mode)


def _content(place: Path) -> bytes:
    """Return the bytes of a regular file; opening waits for nothing and follows no link."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(place, flags), "rb") as file:  # noqa: PTH123 - a descriptor, not a path
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NoSubmissionError(
                    f"{place.name} is not a regular file. Hand in the file itself."
                )
            data = file.read(FILE_CAP + 1)
    except OSError as error:
        raise NoSubmissionError(
            f"{place.name} cannot be read ({error.strerror}). Hand in the file itself."
        ) from error
    if len(data) > FILE_CAP:
        raise NoSubmissionError(
            f"{place.name} is larger than {FILE_CAP >> 20} MB. Clear its outputs and try again."
        )
    return data
