"""GitHub: annotations, a step summary, and repositories for students and for staff."""

from grader.platforms.github.artifact import files
from grader.platforms.github.format import annotations, step_summary
from grader.platforms.interface import Artifact, Format, Platform

GITHUB = Platform(
    "github",
    (
        Format("github", annotations, "github/annotations.schema.json", fault_status=1),
        Format("github-summary", step_summary, "github/summary.schema.json"),
    ),
    Artifact(files, "a template repository for students, a private one for staff"),
)
