"""What the grader knows about a course platform: one frozen record for each, its row.

A folder under `platforms/` is one platform. Its `__init__.py` holds the row, `format.py` writes
what the platform reads, and `artifact.py`, where there is one, lists the files that are uploaded to
it. The schemas and templates that these use are in the same folder.

Everything here is pure. A format is a function of a report; an artifact is a function of its
`Parts`. So this room needs nothing from above it: `grader.packaging` reads the parts and writes the
files.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple, Protocol

from grader.errors import GraderError
from grader.model import CaseReport, Report
from grader.platforms.parts import Parts, Tree
from grader.untrusted import file_name, for_json_document


class Surroundings(NamedTuple):
    """What a few formats need besides the report.

    The default is empty, so a format gives the same text for the same report.
    """

    environ: Mapping[str, str] = MappingProxyType({})
    now: datetime = datetime.fromtimestamp(0, UTC)
    draw: Callable[[CaseReport], str | None] | None = None
    """Draws the arrays of a case as one SVG element; None for a case that has no arrays."""


NOWHERE = Surroundings()


class Writer(Protocol):
    """A pure function: the same report in the same surroundings gives the same text."""

    def __call__(self, report: Report, around: Surroundings = NOWHERE) -> str:
        """Return what the platform reads."""
        ...


class NothingToSendError(GraderError):
    """The grader failed, and there is no way to tell the platform so: nothing is written."""

    def __init__(self, report: Report) -> None:
        name = file_name(report.submission.name)
        super().__init__(
            f"{name}: nothing is sent, so the grade on the platform stays as it is"
        )


class Format(NamedTuple):
    """What `--format NAME` writes."""

    name: str
    write: Writer
    schema: str
    """The schema of the output, as a path under `platforms/`."""
    in_a_log: Callable[[str], str] = for_json_document
    """Writes the output so that a CI runner finds no command in it, in the same syntax.

    Most formats are JSON.
    """
    fault_status: int = 0
    """How `grader.packaging.entry` exits when the grader itself failed.

    1 where the platform takes the exit status for its "not graded", or needs it as well.
    """


class Artifact(NamedTuple):
    """What `grader package NAME` makes."""

    files: Callable[[Parts], Tree]
    about: str
    """For the list of platforms in the help of the command."""
    always_zip: bool = False
    """Whether the platform takes one archive and never a folder."""
    has_image: bool = False
    """Whether it names a grading image that the operator builds: `--image` may name it."""
    students_have_files: bool = True
    """Whether students there get the exercise's files. If not, they have an editor alone."""
    single_file: str | None = None
    """The file that is written alone where `--output` ends in its suffix."""
    is_site: bool = False
    """Whether JupyterLite makes a site of the files; its parts have the whole set of exercises."""
    needs_hidden_half: bool = True
    """Whether it is made from the hidden half. If not, its parts come without it and the secret."""


class Platform(NamedTuple):
    """One row of the table."""

    name: str
    formats: tuple[Format, ...] = ()
    artifact: Artifact | None = None
