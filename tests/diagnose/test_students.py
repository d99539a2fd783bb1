"""What real people write, file by file: `students/*.py` state in their first line what they must be told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STUDENTS = sorted((Path(__file__).parent / "students").glob("*.py"))


@pytest.mark.parametrize("path", STUDENTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("secret", [b"one", b"two"])
def test_each_student_is_told_exactly_this(
    bench: Any, run: Callable[[str], Any], path: Path, secret: bytes
) -> None:
    """All the ids and no other, whatever the hidden inputs are."""
    source = path.read_text("utf-8")
    head = source.partition("\n")[0].removeprefix("# expected: ")
    expected = set() if head == "nothing" else set(head.split())
    assert bench.ids(run(source), source, secret) == expected


def test_there_are_many_of_them() -> None:
    """The folder has not been lost, nor the ones for which nothing must be said."""
    heads = [path.read_text("utf-8").partition("\n")[0] for path in STUDENTS]
    assert len(heads) >= 200
    assert all(head.startswith("# expected: ") for head in heads)
    assert heads.count("# expected: nothing") >= 15
