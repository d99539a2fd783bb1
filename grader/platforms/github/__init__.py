"""GitHub: annotations, a step summary, and repositories for students and for staff."""

from grader.platforms.github.artifact import files
from grader.platforms.github.format import annotations, step_summary
from grader.platforms.interface import Artifact, Format, Platform

GITHUB = Platform(
    "github",
    (
        Format(
            "github",
            annotations,
            "github/annotations.schema.json",
            in_a_log=str,  # commands are what it is made of
            fault_status=1,
        ),
        Format(
            "github-summary",
            step_summary,
            "github/summary.schema.json",
            in_a_log=str,  # every text in it passed `for_xml`
        ),
    ),
    Artifact(
        files, "a template repository for students, a private one for staff"
    ),
)
