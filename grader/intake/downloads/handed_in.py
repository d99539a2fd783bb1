"""What a platform's layout says about one name in a download."""

from collections.abc import Callable
from typing import NamedTuple

from grader.intake.sources import File


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


class Level(NamedTuple):
    """One level of a download: the names that stand there."""

    names: frozenset[str]
    metadata: tuple[File, ...]
    """Files of Gradescope that say who handed in what."""


Reader = Callable[[str], HandedIn | None]
"""Returns who handed in what is called so; None where the platform gave no such name."""
