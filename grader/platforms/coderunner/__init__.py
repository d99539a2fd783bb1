"""Moodle CodeRunner: the output of a template grader, and a question that uses it."""

from grader.platforms.coderunner.artifact import files
from grader.platforms.coderunner.format import outcome
from grader.platforms.interface import Artifact, Format, Platform

CODERUNNER = Platform(
    "coderunner",
    (Format("coderunner", outcome, "coderunner/output.schema.json"),),
    Artifact(
        files,
        "for Moodle: a question, and what the Jobe server needs",
        students_have_files=False,
        single_file="question.xml",
    ),
)
