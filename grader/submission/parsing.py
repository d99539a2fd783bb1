"""From a file's bytes to a `Submission`."""

from typing import Literal

import msgspec

from grader.model import Exercise, Submission
from grader.submission.python import Content, read_python
from grader.submission.reading import digest_of
from grader.submission.rules import rules_of
from grader.submission.stub import unchanged_stub
from grader.submission.ways import way_fault

Kind = Literal["python", "notebook"]

_RENAMED = (
    "The file is called .ipynb, but it is Python source; it was read as that."
)


def parse_submission(
    name: str, data: bytes, exercise: Exercise, digest: str | None = None
) -> Submission:
    """Return the `Submission` of a file's bytes; total, and bounded by the size of `data`.

    The suffix of the name says what the file is: `.ipynb` is a notebook, everything else is Python
    source. `digest` is that of the bytes, where it is known.
    """
    # Of several functions, any one is worth grading.
    asked = exercise.function if len(exercise.targets) <= 1 else None
    kind, content = read_content(name, data, asked)
    unknown, offence = rules_of(content.program, exercise)
    fault = (
        content.fault
        or unknown
        or unchanged_stub(content.program, exercise)
        or way_fault(content.program, exercise)
    )
    return Submission(
        name=name,
        kind=kind,
        digest=digest or digest_of(data),
        units=content.units,
        notebook=content.notebook,
        fault=fault,
        offence=offence,
        notes=content.notes,
    )


def read_content(
    name: str, data: bytes, function: str | None
) -> tuple[Kind, Content]:
    """Return what a file is and what it holds; `function` is the one asked for, None for any."""
    kind = kind_of(name)
    if kind == "python" and _looks_like_a_notebook(data):
        kind = "notebook"
    content = _read(kind, data, function)
    if kind == "notebook" and content.notebook is None and content.units:
        notes = (*content.notes, _RENAMED)
        return "python", msgspec.structs.replace(content, notes=notes)
    return kind, content


def kind_of(name: str) -> Kind:
    """Return what the suffix of a file's name says that the file is."""
    return "notebook" if name.lower().endswith(".ipynb") else "python"


def _read(kind: Kind, data: bytes, function: str | None) -> Content:
    if kind == "python":
        return read_python(data)
    # A .py file needs none of it.
    from grader.submission.notebook import read_notebook

    return read_notebook(data, function)


def _looks_like_a_notebook(data: bytes) -> bool:
    """Return whether this is a notebook that was saved under another suffix."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start == b"{" and b'"nbformat"' in data and b'"cells"' in data
