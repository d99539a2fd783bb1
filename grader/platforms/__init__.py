"""What course platforms read, and what is uploaded to them: one folder for each, one table.

Only these folders know platforms. `interface` says what each of them provides.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from grader.model import CaseReport, Report
from grader.platforms.classroom50 import CLASSROOM50
from grader.platforms.coderunner import CODERUNNER
from grader.platforms.ctrf import CTRF
from grader.platforms.exercism import EXERCISM
from grader.platforms.github import GITHUB
from grader.platforms.gradescope import GRADESCOPE
from grader.platforms.interface import (
    NOWHERE,
    Artifact,
    Format,
    NothingToSendError,
    Platform,
    Surroundings,
)
from grader.platforms.junit import JUNIT
from grader.platforms.jupyterlite import JUPYTERLITE
from grader.platforms.lti_ags import LTI_AGS
from grader.platforms.nbgrader import NBGRADER
from grader.platforms.parts import Parts, Tree, shipped_text
from grader.platforms.prairielearn import PRAIRIELEARN
from grader.platforms.students import STUDENTS
from grader.platforms.xqueue import XQUEUE

__all__ = [
    "ARTIFACTS",
    "FORMATS",
    "NOWHERE",
    "PLATFORMS",
    "Artifact",
    "Format",
    "NothingToSendError",
    "Parts",
    "Platform",
    "Surroundings",
    "Tree",
    "render_for",
    "schema",
]

PLATFORMS = (
    GRADESCOPE,
    PRAIRIELEARN,
    XQUEUE,
    CODERUNNER,
    CLASSROOM50,
    GITHUB,
    JUNIT,
    CTRF,
    EXERCISM,
    LTI_AGS,
    NBGRADER,
    STUDENTS,
    JUPYTERLITE,
)

FORMATS: dict[str, Format] = {
    fmt.name: fmt for platform in PLATFORMS for fmt in platform.formats
}
"""What `--format` accepts besides the formats for people."""

ARTIFACTS: dict[str, Artifact] = {
    platform.name: platform.artifact
    for platform in PLATFORMS
    if platform.artifact
}
"""What `grader package` accepts."""


def render_for(
    fmt: str,
    report: Report,
    draw: Callable[[CaseReport], str | None] | None = None,
) -> str:
    """Return a report in a platform's format, with this process's environment and the time.

    `draw` gives the comparison of one case as an SVG element, for platforms that show pictures.
    """
    around = Surroundings(environ=os.environ, now=datetime.now(UTC), draw=draw)
    chosen = FORMATS[fmt]
    return chosen.in_a_log(chosen.write(report, around))


def schema(fmt: str) -> str:
    """Return the text of the schema that every output of a format is valid against."""
    return shipped_text(FORMATS[fmt].schema)
