"""What real people write: the first line of `students/*.py` says which hints each must get."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STUDENTS = sorted((Path(__file__).parent / "students").glob("*.py"))


@pytest.mark.parametrize("path", STUDENTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("secret", [b"one", b"two"])
def test_each_student_gets_exactly_these_hints(
    bench: Any, run: Callable[[str], Any], path: Path, secret: bytes
) -> None:
    """Each student gets all of their ids and no other, whatever the hidden inputs are."""
    source = path.read_text("utf-8")
    head = source.partition("\n")[0].removeprefix("# expected: ")
    expected = set() if head == "nothing" else set(head.split())
    assert bench.ids(run(source), source, secret) == expected


def test_there_are_many_students() -> None:
    """The folder is complete, with the students who must get no hint."""
    heads = [path.read_text("utf-8").partition("\n")[0] for path in STUDENTS]
    assert len(heads) >= 200
    assert all(head.startswith("# expected: ") for head in heads)
    assert heads.count("# expected: nothing") >= 15
