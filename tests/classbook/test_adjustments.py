"""What a person decided is read strictly, and is never lost."""

from pathlib import Path

import pytest

from grader.classbook.adjustments import (
    Adjustment,
    digest,
    read_adjustments,
)
from grader.errors import UsageError
from grader.intake.student import Student

STUDENTS = {
    "Ada Low": Student(name="Ada Low", id="301", email="al1@uni.example"),
    "Ada Low~304": Student(name="Ada Low", id="304"),
    "Bob Ray": Student(name="Bob Ray", id="00302"),
    "eve.py": Student(name="eve.py", file="eve.py"),
}


def read(folder: Path, text: str) -> dict[str, Adjustment]:
    """Write adjustments, and read them."""
    (folder / "adjustments.csv").write_text(text, encoding="utf-8")
    return dict(read_adjustments(folder, STUDENTS).of)


def test_points_are_added_and_final_takes_the_place(tmp_path: Path) -> None:
    """By id, address, name of the report, name or file; also without the zeros before an id."""
    found = read(
        tmp_path,
        "id;points;final;comment\n301;+1;;a talk\nAda Low~304;;2,5;oral exam\n"
        "302;-0,5;;\neve;;;see me\n;;;\n",
    )
    assert found == {
        "Ada Low": Adjustment(1.0, None, "a talk"),
        "Ada Low~304": Adjustment(None, 2.5, "oral exam"),
        "Bob Ray": Adjustment(-0.5, None, ""),
        "eve.py": Adjustment(None, None, "see me"),
    }
    finals = [each.applied(3.0) for each in found.values()]
    assert finals == [4.0, 2.5, 2.5, 3.0]
    assert [each.applied(None) for each in found.values()] == [
        None,
        2.5,
        None,
        None,
    ]
    assert Adjustment(-9.0).applied(3.0) == 0.0


def test_without_the_file_nothing_is_adjusted(tmp_path: Path) -> None:
    """Nobody has to have one."""
    assert read_adjustments(tmp_path, STUDENTS) == ({}, "")


def test_the_digest_is_of_the_rows_that_are_applied(tmp_path: Path) -> None:
    """One reading gives both, so that a change in between is told by the next command."""
    read(tmp_path, "id,points\n301,1\n")
    found = read_adjustments(tmp_path, STUDENTS)
    assert found.digest == digest(tmp_path)
    read(tmp_path, "id,points\n301,2\n")
    assert found.digest != digest(tmp_path)
    assert found.of == {"Ada Low": Adjustment(1.0)}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id,points\n999,1\n", "row 2: 999 is nobody in this class"),
        ("id,points\n3O1,1\n", "did you mean 301?"),
        ("id,points\nAda Low,1\n", None),
        (
            "id,points\n301,1\nal1@uni.example,2\n",
            "row 3: al1@uni.example has an adjustment",
        ),
        ("id,points\n301,one\n", "row 2: 'one' is not a number of points"),
        ("id,points\n301,nan\n", "'nan' is not a number of points"),
        ("id,points,final\n301,1,2\n", "has points and final"),
        ("id,final\n301,-1\n", "nobody can have -1 points"),
        (
            "id,point\n301,1\n",
            "has a column 'point'; its columns are id, points, final, comment",
        ),
        ("points\n1\n", "has no column id"),
        ("id,points\n,1\n", "row 2: has no id"),
    ],
)
def test_what_does_not_fit_the_class_is_one_line(
    text: str, complaint: str | None, tmp_path: Path
) -> None:
    """It names the file, the row and the fix."""
    if complaint is None:
        assert set(read(tmp_path, text)) == {"Ada Low"}
        return
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert complaint in str(caught.value)
    assert str(tmp_path / "adjustments.csv") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_several_have_lists_them(tmp_path: Path) -> None:
    """Told apart by their ids."""
    students = {
        "a": Student(name="Ada", id="1"),
        "b": Student(name="Ada", id="2"),
    }
    (tmp_path / "adjustments.csv").write_text("id,points\nAda,1\n")
    with pytest.raises(
        UsageError, match=r"Ada may be Ada \(1\), Ada \(2\); give the id"
    ):
        read_adjustments(tmp_path, students)
