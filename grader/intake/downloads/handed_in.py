"""What a platform's layout says about one name in a download."""

from collections.abc import Callable, Iterator
from typing import NamedTuple
from unicodedata import normalize

from grader.intake.sources import File

_MOST_METADATA = 16 << 20
"""Bytes of one file that a platform wrote."""


class HandedIn(NamedTuple):
    """Who handed something in, and how."""

    name: str
    """The student's name."""
    qualifier: str
    """What distinguishes two students of one name: the platform's number."""
    called: str = ""
    """What the student called the file; empty where the name says nothing about it."""
    late: bool = False
    at: str = ""
    """When, in ISO 8601; the files of one moment are one attempt. Empty if the name has no time."""
    version: tuple[int, ...] = ()
    """Greater for a student's newer files, where the platform numbers them as they arrive."""
    id: str = ""
    """What the grade book knows the student by, where that is not the qualifier."""
    email: str = ""
    group: str = ""
    """The team that handed in together."""
    attempt: int = 0
    """The platform's own number of the attempt; 0 where it gives none."""
    label: str = ""
    """Tells attempts apart that have neither a time that can be read nor a number."""
    is_metadata: bool = False
    """The platform has written the file itself."""
    member: str = ""
    """Tells those apart who handed in together and have no id."""
    team: "tuple[HandedIn, ...]" = ()
    """Each of those who handed this in together; empty for one student."""

    @property
    def key(self) -> str:
        """Whom the platform means: its id for them, and their name where it has none."""
        if self.id or self.qualifier:
            return self.id or f"{self.qualifier} {self.member}"
        return f" {normalize('NFC', self.name).casefold()}"


class Below(NamedTuple):
    """A file, or what is left out, as it is seen from one level of a download."""

    parts: tuple[str, ...]
    """From this level on, as far as the platform and not the student has named them."""
    file: File


class Level(NamedTuple):
    """One level of a download: the names that stand there, and what is below them."""

    names: frozenset[str]
    files: tuple[Below, ...] = ()
    above: str = ""
    """The name of the folder that the level is in."""

    def metadata(self, name: str, depth: int = 0) -> Iterator[Below]:
        """Yield the files called `name` that stand so many levels further down."""
        for each in self.files:
            if len(each.parts) == depth + 1 and each.parts[-1] == name:
                yield each


Reader = Callable[[str], HandedIn | None]
"""Returns who handed in what is called so; None where the platform gave no such name."""


def text_of(file: File) -> str:
    """Return the text of a file that a platform wrote; raise UnreadableError."""
    return file.place.read(_MOST_METADATA).decode("utf-8-sig", "replace")
