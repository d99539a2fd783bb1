"""The errors of the grader: one tree, one exit status per class, caught once, in `cli.main`.

    GraderError                 4   the grader itself failed
    ├── UsageError              2   wrong usage, or a path that does not exist
    ├── ExerciseError           3   the exercise is invalid
    └── IsolationError          5   the required isolation is not available

A student's failure is never one of these: it is a verdict in the report.
Every message is one line that names the file and the fix.

The first module of the command line imports this one, so it imports nothing itself. That is why
the suffixes of submissions are here too: arguments are read before numpy is loaded.
"""


class GraderError(Exception):
    """The grader itself failed; also the base of every error that it raises on purpose."""

    exit_code = 4


class UsageError(GraderError):
    """The command was used wrongly, or names a path that does not exist."""

    exit_code = 2


class ExerciseError(GraderError):
    """The exercise folder or the solutions folder is invalid; `faults` has everything found."""

    exit_code = 3

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class IsolationError(GraderError):
    """The required isolation is not available on this machine."""

    exit_code = 5


SUBMISSION_SUFFIXES = (".py", ".ipynb")
"""The kinds of file that are graded."""
