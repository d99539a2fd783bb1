"""The archive of a Gradescope autograder."""

from grader.platforms.parts import RUNNABLE, Parts, Tree

_TEMPLATES = "gradescope/templates"


def files(parts: Parts) -> Tree:
    """Return `setup.sh` and `run_autograder`, at the root of the archive beside what they use."""
    return {
        **parts.grading,
        "setup.sh": (parts.fill(f"{_TEMPLATES}/setup.sh"), RUNNABLE),
        "run_autograder": (
            parts.fill(f"{_TEMPLATES}/run_autograder"),
            RUNNABLE,
        ),
    }
