"""The record in the hidden half of the public half that it was validated with.

The public half says how much a submission may differ, how many points it gets and what it may
import. A stranger who could choose it would choose their grade. So `grader validate` writes a
digest of it into the hidden half, and nothing is graded with a public half of another digest.

The digest is over the values in `exercise.toml` and the text of the stub, as they were read: no
grade depends on comments, line ends or the statement, so those may change freely.
"""

import hashlib
import json
import shlex
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import ExerciseError
from grader.exercise.files import read_toml
from grader.files import write_whole
from grader.model import Exercise

RECORD_FILE = "validated.toml"

_TEXT = """\
# `grader validate` writes this file when every check passes. `grader grade` refuses a public half
# with other values in its exercise.toml or another stub: validate again after changing them.
public_half = "{digest}"
"""


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of validated.toml."""

    public_half: str


def grading_digest(
    values: dict[str, Any], stub: str, files: dict[str, str]
) -> str:
    """Return `sha256:...` over the values in an exercise.toml, the stub and the given files."""
    parts = [values, stub, files] if files else [values, stub]
    text = json.dumps(parts, sort_keys=True, default=repr)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def record_validation(exercise: Exercise, solutions: Path) -> Path | None:
    """Record in the hidden half that it was validated with this exercise.

    Returns the file that was written, or None if the record was there already. Raises
    `UsageError` where it cannot be written.
    """
    path = solutions / RECORD_FILE
    if _recorded(path) == exercise.grading_digest:
        return None
    write_whole(path, _TEXT.format(digest=exercise.grading_digest).encode())
    return path


def require_validated(exercise: Exercise, solutions: Path) -> None:
    """Raise `ExerciseError` unless the hidden half was validated with this exercise."""
    recorded = _recorded(solutions / RECORD_FILE)
    if recorded == exercise.grading_digest:
        return
    again = shlex.join(
        [
            "grader",
            "validate",
            str(exercise.folder),
            "--solutions",
            str(solutions),
        ]
    )
    if recorded is None:
        raise ExerciseError(
            f"{solutions}: has not been validated with {exercise.folder}: run `{again}`"
        )
    raise ExerciseError(
        f"{exercise.folder}: is not what the hidden tests were validated with; "
        f"if the change is yours, run `{again}`"
    )


def _recorded(path: Path) -> str | None:
    record, faults = read_toml(path, _Record)
    return None if faults else record.public_half
