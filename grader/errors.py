"""The errors of the grader: one tree, one exit code per class, caught once, in `cli.main`.

    GraderError                 4   the grader itself failed
    ├── UsageError              2   wrong usage, or a path that does not exist
    ├── ExerciseError           3   the exercise is invalid
    └── IsolationError          5   the required isolation is not available

A student's failure is never one of these: it is a verdict in the report.
Every message is one line that names the file and the fix.
"""

from typing import ClassVar


class GraderError(Exception):
    """The grader itself failed; also the base of every error that it raises on purpose."""

    exit_code: ClassVar[int] = 4


class UsageError(GraderError):
    """The command was used wrongly, or names a path that does not exist."""

    exit_code = 2


class ExerciseError(GraderError):
    """The exercise folder or the solutions folder is invalid; carries every fault that was found."""

    exit_code = 3

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class IsolationError(GraderError):
    """The required isolation is not available on this machine."""

    exit_code = 5


SUBMISSION_SUFFIXES = (".py", ".ipynb")
"""Of what is graded. Here for the same reason as the levels."""
LEVELS = ("none", "partial", "full")
"""Of isolation, the least first: what may be required. Here, because whoever reads options must not load numpy."""
