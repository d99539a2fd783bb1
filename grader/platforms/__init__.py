"""A report as what one course platform reads: pure functions, one module per platform, one table.

Only these modules know platforms. What each of them reads is in `schemas/`: the official schema
where there is one that may be shipped, else one written from the documentation of the platform, its
source named inside.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from grader.model import CaseReport, Report
from grader.platforms import (
    classroom50,
    coderunner,
    ctrf,
    exercism,
    github,
    gradescope,
    junit,
    lti_ags,
    prairielearn,
    xqueue,
)
from grader.platforms.telling import NOWHERE, Surroundings

__all__ = ["NOWHERE", "PLATFORMS", "Platform", "Surroundings", "schema"]


class Rendering(Protocol):
    """A pure function: the same report in the same surroundings gives the same text."""

    def __call__(self, report: Report, around: Surroundings = NOWHERE) -> str:
        """Return what the platform reads."""
        ...


class Platform(NamedTuple):
    """One row of the table: what `--format NAME` writes."""

    name: str
    function: Rendering
    schema: str
    """File under `schemas/` that every output is valid against (for `github`, the list of its lines)."""

    def render(
        self, report: Report, draw: Callable[[CaseReport], str | None] | None = None
    ) -> str:
        """Return what the platform reads, with this process's environment and the time: what the command line calls.

        `draw` gives the comparison of one case as an SVG element, for the platforms that show
        pictures.
        """
        return self.function(
            report, Surroundings(environ=os.environ, now=datetime.now(UTC), draw=draw)
        )


PLATFORMS: dict[str, Platform] = {
    platform.name: platform
    for platform in (
        Platform("gradescope", gradescope.render, "gradescope.schema.json"),
        Platform("prairielearn", prairielearn.render, "prairielearn.schema.json"),
        Platform("xqueue", xqueue.render, "xqueue.schema.json"),
        Platform(
            "xqueue-container", xqueue.render_container, "xqueue-container.schema.json"
        ),
        Platform("coderunner", coderunner.render, "coderunner.schema.json"),
        Platform("classroom50", classroom50.render, "classroom50.schema.json"),
        Platform("github", github.render, "github.schema.json"),
        Platform("github-summary", github.render_summary, "github-summary.schema.json"),
        Platform("junit", junit.render, "junit-10.xsd"),
        Platform("ctrf", ctrf.render, "ctrf.schema.json"),
        Platform("exercism", exercism.render, "exercism.schema.json"),
        Platform("lti-ags", lti_ags.render, "lti-ags.schema.json"),
    )
}


def schema(name: str) -> str:
    """Return the text of one shipped schema, as `Platform.schema` names it."""
    from importlib import (
        resources,
    )  # here, because every command line that names a format imports this module

    return (
        resources.files(__name__).joinpath("schemas", name).read_text(encoding="utf-8")
    )
