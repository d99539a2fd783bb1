"""A file is opened once: for what it defines, and to be graded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.model import Exercise, Fault
from grader.submission import HandedIn, defined_names, read_submission
from grader.submission.reading import Raw, digest_of

SOURCE = b"""\
import numpy as np
from math import pi
SIZE = 3
a, (b, *c) = 1, (2, 3)
def convolve(image, /, kernel, *, stride=1, **more): pass
async def later(x): pass
flip = lambda a, *rest: a
class Kernel:
    def at(self, row): pass
    def __init__(self, size, fill=0): pass
class Empty:
    size = 3
gone = 1
del gone
"""


def test_the_names_that_a_file_defines_have_their_parameters() -> None:
    """A class has those of the object that is made; what is imported or deleted is left out."""
    assert defined_names("a.py", SOURCE) == {
        "SIZE": (),
        "a": (),
        "b": (),
        "c": (),
        "convolve": ("image", "kernel", "stride", "more"),
        "later": ("x",),
        "flip": ("a", "rest"),
        "Kernel": ("size", "fill"),
        "Empty": (),
        "gone": (),
    }


def test_of_text_that_is_not_python_every_def_counts(
    notebook: Callable[..., str],
) -> None:
    """In a cell too; a name that another cell defines keeps its parameters."""
    broken = "  def inner(a):\nasync  def later(b): 1 2\nx def y(): pass\ndef convolve(: pass"
    named: dict[str, tuple[str, ...]] = dict.fromkeys(
        ("inner", "later", "convolve"), ()
    )
    assert defined_names("a.py", broken.encode()) == named
    text = notebook("def convolve(image): pass", broken)
    named["convolve"] = ("image",)
    assert defined_names("a.ipynb", text.encode()) == named


def test_a_file_is_read_once_and_when_it_is_needed(exercise: Exercise) -> None:
    """Its names and the submission come from the same bytes."""
    read: list[int] = []

    def raw() -> Raw:
        read.append(1)
        return Raw(SOURCE, "sha256:told")

    handed_in = HandedIn("a.py", raw)
    assert read == []
    assert "convolve" in handed_in.names()
    submission = handed_in.submission(exercise)
    assert read == [1]
    assert (submission.name, submission.kind) == ("a.py", "python")
    assert submission.digest == "sha256:told"
    assert submission.units[0].source == SOURCE.decode()


def test_bytes_have_their_own_digest(exercise: Exercise) -> None:
    """What is given as bytes is graded like a file."""
    submission = HandedIn("a.py", SOURCE).submission(exercise)
    assert submission.digest == digest_of(SOURCE)
    assert submission.fault is None


@pytest.mark.parametrize(
    ("name", "kind"), [("a.py", "python"), ("A.IPYNB", "notebook")]
)
def test_what_cannot_be_read_is_a_submission_with_a_fault(
    exercise: Exercise, name: str, kind: str
) -> None:
    """It defines nothing; the reason is told."""
    reason = Raw(b"", digest_of(b""), "it is a link")
    handed_in = HandedIn(name, lambda: reason)
    assert handed_in.names() == {}
    submission = handed_in.submission(exercise)
    assert submission.fault == Fault(
        message="The file cannot be read: it is a link."
    )
    assert (submission.name, submission.kind) == (name, kind)
    assert (submission.units, submission.digest) == ((), digest_of(b""))


def test_a_path_is_read(exercise: Exercise, tmp_path: Path) -> None:
    """The submission is called by the name of the file alone."""
    path = tmp_path / "a.py"
    path.write_bytes(SOURCE)
    assert HandedIn.at(path).names() == defined_names("a.py", SOURCE)
    submission = read_submission(path, exercise)
    assert (submission.name, submission.fault) == ("a.py", None)
    assert submission.digest == digest_of(SOURCE)
    with pytest.raises(UsageError, match="is a folder, not a submission"):
        read_submission(tmp_path, exercise)
