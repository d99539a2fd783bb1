"""Gradescope: results.json, and the archive of an autograder."""

from grader.platforms.gradescope.artifact import files
from grader.platforms.gradescope.format import results_json
from grader.platforms.interface import Artifact, Format, Platform

GRADESCOPE = Platform(
    "gradescope",
    (
        Format(
            "gradescope",
            results_json,
            "gradescope/results.schema.json",
            fault_status=1,
        ),
    ),
    Artifact(files, "the archive of an autograder", always_zip=True),
)
