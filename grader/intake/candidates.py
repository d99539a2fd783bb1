"""Which of several files is the solution: by how well its name fits, and by what it defines."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from grader.intake.online_text import code_of, is_page
from grader.intake.sources import File
from grader.model import Exercise
from grader.opening import UnreadableError

MOST_READ = 64
"""Files of one student that are read to find the function; an environment has thousands."""
_MOST_BYTES = 1 << 20
"""Of each; a larger file is judged by its beginning."""
_NEVER = "0001-01-01T00:00:00"
_MOMENT = timedelta(minutes=2)
"""Files are copied, unpacked or cloned one after the other, and then their times say nothing."""
_OLD = re.compile(
    r"(?:^|[^a-z])(?:old|backup|bak|copy|draft|test|tests|tmp|alt|kopie|copia|copie)(?:[^a-z]|$)"
)
_OTHER_NAME = 2
"""The rank from which on a file's name says nothing about the exercise."""


class Candidates:
    """Judges files for one exercise; reads no more of them than it must."""

    def __init__(self, exercise: Exercise) -> None:
        names = [target.name for target in exercise.targets]
        names = names or [exercise.function]
        file = exercise.file.rpartition(".")[0]
        own = [name.lower() for name in (*names, file) if name]
        self._own = frozenset(own)
        self._stems = tuple(dict.fromkeys((*own, exercise.name.lower())))
        asked = b"|".join(re.escape(name.encode()) for name in names)
        self._defines = re.compile(rb"(?:def|class)\s+(?:" + asked + rb")\b")
        self._stub = exercise.stub.split()

    def ranked(self, files: Iterable[File]) -> list[File]:
        """Return the files by how well their names fit, the best first."""
        return sorted(
            files,
            key=lambda file: (self._rank(file), len(file.parts), file.parts),
        )

    def best(self, files: Sequence[File]) -> File:
        """Return the file to grade, of files in the order of `ranked`.

        The unchanged stub comes last, and before it a file without the function. Of several files
        with the function one with a right suffix comes first, then the newest, then one that its
        name does not call old.
        """
        read = files[:MOST_READ]
        defining = [file for file in read if self.defines(file)]
        newest = _newest(defining or read)

        def is_worse(file: File) -> tuple[object, ...]:
            return (
                self.is_stub(file),
                file not in defining,
                bool(file.reason),
                tuple(-part for part in file.version),
                file not in newest,
                _OLD.search(file.name.lower()) is not None,
            )

        return min(read, key=is_worse)

    def is_named(self, file: File) -> bool:
        """Return whether a file is called like the function or like the exercise."""
        return self._rank(file) < _OTHER_NAME

    def is_named_as_asked(self, file: File) -> bool:
        """Return whether a file is called like a function that is asked for, or like the stub."""
        return self._rank(file) == 0

    def defines(self, file: File) -> bool:
        """Return whether a file's text defines the function."""
        return self._defines.search(_content(file)) is not None

    def content(self, file: File) -> bytes:
        """Return the beginning of a file; nothing where it cannot be read."""
        return _content(file)

    def may_be_graded(self, file: File) -> bool:
        """Return whether there is code in a file, whatever it is called.

        One that is left out by its name has to define the function, or to be a notebook.
        """
        if not file.reason:
            return True
        if not file.peeked:
            return False
        content = _content(file)
        if is_page(file.name):
            content = code_of(content)
        if self._defines.search(content) is not None:
            return True
        return b'"nbformat"' in content and b'"cells"' in content

    def is_stub(self, file: File) -> bool:
        """Return whether a file is the exercise's stub, unchanged but for white space."""
        return _content(file).decode("utf-8", "replace").split() == self._stub

    def _rank(self, file: File) -> int:
        """Return how well a name fits: 0 the function, 1 the exercise, 2 contains one, 3 none."""
        stem = file.name.rpartition(".")[0].lower()
        if stem in self._stems:
            return int(stem not in self._own)
        return 2 if any(known in stem for known in self._stems) else 3


def _newest(files: Sequence[File]) -> list[File]:
    """Return the files that were changed last, and those of the same moment."""
    times = [datetime.fromisoformat(file.modified or _NEVER) for file in files]
    latest = max(times, default=None)
    return [
        file
        for file, time in zip(files, times, strict=True)
        if latest is not None and latest - time <= _MOMENT
    ]


def _content(file: File) -> bytes:
    try:
        return file.place.beginning(_MOST_BYTES)
    except UnreadableError:
        return b""
