"""What somebody sends to be run: a text or a file, refused in one sentence where it cannot be."""

from typing import Final

from grader.errors import SUBMISSION_SUFFIXES
from grader.model import Exercise
from grader.service import words
from grader.service.graders.messages import Work
from grader.service.problems import RefusedError
from grader.service.settings import NOTEBOOK_BYTES, PY_BYTES
from grader.untrusted import file_name

_NAME_LENGTH: Final = 120


def work_of_text(text: str, exercise: Exercise) -> Work:
    """Return the text of an editor as the file of an exercise; refuse one that is too long."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > PY_BYTES:
        raise RefusedError("too-large", words.TEXT_TOO_LARGE)
    return Work(exercise.file or "submission.py", data)


def work_of_file(name: str, data: bytes) -> Work:
    """Return a file that was sent; refuse one of another kind, or that is too large."""
    shown = file_name(name.replace("\\", "/").rpartition("/")[2])
    suffix = next(
        (s for s in SUBMISSION_SUFFIXES if shown.lower().endswith(s)), None
    )
    if suffix is None:
        raise RefusedError("invalid", words.WRONG_KIND)
    if len(data) > most_bytes(shown):
        raise RefusedError("too-large", words.FILE_TOO_LARGE)
    stem = shown[: -len(suffix)][:_NAME_LENGTH]
    return Work(f"{stem}{suffix}", data)


def most_bytes(name: str) -> int:
    """Return how many bytes a file of this name may have."""
    return NOTEBOOK_BYTES if name.lower().endswith(".ipynb") else PY_BYTES
