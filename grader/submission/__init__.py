"""From a student's file to a `Submission`: text only, never imported, never written, never run.

Whatever the bytes are, there is a `Submission`. Where the text alone shows that it cannot be
graded, its `fault` says so in one line for a beginner: unreadable, empty, not text, not Python, a
forbidden library, the stub unchanged.
"""

from pathlib import Path
from typing import Literal

import msgspec

from grader.model import Exercise, Fault, Submission
from grader.submission.alike import alike
from grader.submission.facts import source_facts
from grader.submission.python import Content, read_python
from grader.submission.reading import digest_of, read_file
from grader.submission.rules import forbidden_fault
from grader.submission.stub import unchanged_stub
from grader.submission.target import loading_fault

__all__ = [
    "alike",
    "loading_fault",
    "parse_submission",
    "read_submission",
    "source_facts",
]

_RENAMED = (
    "The file is called .ipynb, but it is Python source; it was read as that."
)


def read_submission(path: Path, exercise: Exercise) -> Submission:
    """Read a .py file or an .ipynb notebook; what cannot be read gives a `Submission` with a fault.

    Raises `UsageError` only if the path does not exist or is a folder.
    """
    raw = read_file(path)
    if raw.reason is None:
        return parse_submission(path.name, raw.data, exercise)
    return Submission(
        name=path.name,
        kind=_kind(path.name),
        digest=raw.digest,
        units=(),
        fault=Fault(message=f"The file cannot be read: {raw.reason}."),
    )


def parse_submission(name: str, data: bytes, exercise: Exercise) -> Submission:
    """Return the `Submission` of a file's bytes; total, and bounded by the size of `data`.

    The suffix of the name says what the file is: `.ipynb` is a notebook, everything else is Python
    source. The digest is that of the bytes.
    """
    kind = _kind(name)
    if kind == "python" and _looks_like_a_notebook(data):
        kind = "notebook"
    content = _read(kind, data, exercise)
    if kind == "notebook" and content.notebook is None and content.units:
        kind = "python"
        notes = (*content.notes, _RENAMED)
        content = msgspec.structs.replace(content, notes=notes)
    fault = (
        content.fault
        or forbidden_fault(content.program, exercise)
        or unchanged_stub(content.program, exercise)
    )
    return Submission(
        name=name,
        kind=kind,
        digest=digest_of(data),
        units=content.units,
        notebook=content.notebook,
        fault=fault,
        notes=content.notes,
    )


def _read(
    kind: Literal["python", "notebook"], data: bytes, exercise: Exercise
) -> Content:
    if kind == "python":
        return read_python(data)
    # A .py file needs none of it.
    from grader.submission.notebook import read_notebook

    return read_notebook(data, exercise)


def _kind(name: str) -> Literal["python", "notebook"]:
    return "notebook" if name.lower().endswith(".ipynb") else "python"


def _looks_like_a_notebook(data: bytes) -> bool:
    """Return whether this is a notebook that was saved under another suffix."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start == b"{" and b'"nbformat"' in data and b'"cells"' in data
