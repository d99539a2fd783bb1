"""What a class defines, by which the exercise is found that it is for."""

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.intake.meant import definitions_of
from tests.batch.conftest import notebook, zipped


@pytest.mark.parametrize(
    ("files", "looked_at"), [(0, 0), (1, 1), (61, 31), (121, 41)]
)
def test_some_files_of_a_large_class_are_looked_at(
    tmp_path: Path, files: int, looked_at: int
) -> None:
    """At most sixty, spread over all of them."""
    for number in range(files):
        name = f"s{number:03}.py"
        (tmp_path / name).write_text(f"def f{number}(): pass\n", "utf-8")
    found = [name for each in definitions_of([tmp_path]) for name in each]
    step = -(-files // 60) or 1
    assert found == [f"f{number}" for number in range(0, files, step)]
    assert len(found) == looked_at


def test_files_notebooks_and_archives_are_read(tmp_path: Path) -> None:
    """With the parameters of what they define; other files are not."""
    (tmp_path / "a.py").write_text("def f(x, y): pass\n", "utf-8")
    (tmp_path / "b.ipynb").write_text(notebook("def g(): pass"), "utf-8")
    (tmp_path / "c.zip").write_bytes(zipped({"x/d.py": "class H: pass\n"}))
    (tmp_path / "e.txt").write_text("def no(): pass\n", "utf-8")
    found = list(definitions_of([tmp_path]))
    assert found == [{"f": ("x", "y")}, {"g": ()}, {"H": ()}]


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    """As for grading."""
    with pytest.raises(UsageError, match="no such file or folder"):
        list(definitions_of([tmp_path / "none"]))
