"""A download for students: the exercise, the lesson and the grader, with nothing hidden."""

from grader.platforms.interface import Artifact, Platform
from grader.platforms.students.artifact import files

STUDENTS = Platform(
    "students",
    artifact=Artifact(
        files,
        "a download: exercise, lesson and grader, nothing hidden",
        needs_hidden_half=False,
    ),
)
