"""PrairieLearn: results.json of an external grader, and a question with its grading image."""

from grader.platforms.interface import Artifact, Format, Platform
from grader.platforms.prairielearn.artifact import files
from grader.platforms.prairielearn.format import results_json

PRAIRIELEARN = Platform(
    "prairielearn",
    (Format("prairielearn", results_json, "prairielearn/results.schema.json"),),
    Artifact(
        files,
        "a question, with its grading image",
        has_image=True,
        students_have_files=False,
    ),
)
