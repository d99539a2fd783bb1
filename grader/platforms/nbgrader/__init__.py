"""nbgrader: a course keeps it, and this grader takes the place of its running of notebooks.

`artifact` makes the source notebook and the configuration, `cells` reads and fills the grade cell.
The preprocessor that nbgrader calls is `grader.nbgrader`.
"""

from grader.platforms.interface import Artifact, Platform
from grader.platforms.nbgrader.artifact import files

NBGRADER = Platform(
    "nbgrader",
    artifact=Artifact(
        files,
        "for a course in nbgrader: a source notebook and three lines",
    ),
)
"""What an nbgrader course needs."""
