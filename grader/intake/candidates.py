"""Which of several files is the solution: by how well its name fits, and by what it defines."""

import re
from collections.abc import Iterable, Sequence

from grader.intake.sources import File
from grader.model import Exercise
from grader.opening import UnreadableError

MOST_READ = 64
"""Files of one student that are read to find the function; an environment has thousands."""
_MOST_BYTES = 1 << 20
"""Of each; a larger file is judged by its beginning."""
_OTHER_NAME = 2
"""The rank from which on a file's name says nothing about the exercise."""


class Candidates:
    """Judges files for one exercise; reads no more of them than it must."""

    def __init__(self, exercise: Exercise) -> None:
        stems = (exercise.function.lower(), exercise.name.lower())
        self._stems = tuple(dict.fromkeys(stems))
        function = re.escape(exercise.function.encode())
        self._defines = re.compile(rb"def\s+" + function + rb"\b")
        self._stub = exercise.stub.split()

    def ranked(self, files: Iterable[File]) -> list[File]:
        """Return the files by how well their names fit, the best first."""
        return sorted(
            files,
            key=lambda file: (self._rank(file), len(file.parts), file.parts),
        )

    def best(self, files: Sequence[File]) -> File:
        """Return the file to grade, of files in the order of `ranked`."""
        return min(files[:MOST_READ], key=self._is_worse)

    def is_named(self, file: File) -> bool:
        """Return whether a file is called like the function or like the exercise."""
        return self._rank(file) < _OTHER_NAME

    def defines(self, file: File) -> bool:
        """Return whether a file's text defines the function."""
        return self._defines.search(_content(file)) is not None

    def is_stub(self, file: File) -> bool:
        """Return whether a file is the exercise's stub, unchanged but for white space."""
        return _content(file).decode("utf-8", "replace").split() == self._stub

    def _is_worse(self, file: File) -> tuple[bool, bool, tuple[int, ...]]:
        """Return a key by which the unchanged stub comes last, and a file without the function.

        Of several files with the function the newest comes first.
        """
        older = tuple(-part for part in file.version)
        return self.is_stub(file), not self.defines(file), older

    def _rank(self, file: File) -> int:
        """Return how well a name fits: 0 the function's, 1 the exercise's, 2 holds one, 3 none."""
        stem = file.name.rpartition(".")[0].lower()
        if stem in self._stems:
            return self._stems.index(stem)
        return 2 if any(known in stem for known in self._stems) else 3


def _content(file: File) -> bytes:
    try:
        return file.place.beginning(_MOST_BYTES)
    except UnreadableError:
        return b""
