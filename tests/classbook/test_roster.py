"""A roster of any platform is read, and nobody on it vanishes."""

from pathlib import Path

import pytest

from grader.classbook.roster import Listed, call_the_roll, read_roster
from grader.errors import UsageError
from grader.intake.student import Student

MOODLE = (
    "\ufeffIdentifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,"
    "Last modified (submission)\r\n"
    'Participant 301,Ada Lovelace,S1,al1@uni.example,x,,100.00,"Monday, 23 November 2026, 9:10 PM"'
    "\r\n"
    "Participant 304,Ada Lovelace,S4,al4@uni.example,x,,100.00,-\r\n"
)
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Homework 1 (77001)\r\n"
    "    Points Possible,,,,,10\r\n"
    '"Lovelace, Ada",301,S1,al1,A,\r\n'
    '"Student, Test",999,,,A,\r\n'
)
PLAIN = "Last Name;First Name;E-Mail;Matrikelnummer\r\nLovelace;Ada;al1@uni.example;0301\r\n"
ADA = Listed(
    "Ada Lovelace", ("301", "S1"), "al1@uni.example", "2026-11-23T21:10:00"
)


def roster(
    folder: Path, text: str, encoding: str = "utf-8"
) -> tuple[Listed, ...]:
    """Write a roster, and read it."""
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


def test_a_moodle_worksheet_tells_times_too(tmp_path: Path) -> None:
    """Two of one name stay two; a dash is no time."""
    listed = roster(tmp_path, MOODLE)
    assert listed[0] == ADA
    assert listed[1] == Listed("Ada Lovelace", ("304", "S4"), "al4@uni.example")


def test_a_canvas_gradebook_has_rows_of_nobody(tmp_path: Path) -> None:
    """The points that are possible and the test student are not students."""
    assert roster(tmp_path, CANVAS) == (
        Listed("Ada Lovelace", ("301", "S1", "al1")),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_encoding_and_separator(encoding: str, tmp_path: Path) -> None:
    """A spreadsheet saves with semicolons and in UTF-16; zeros before an id stay."""
    expected = Listed("Ada Lovelace", ("0301",), "al1@uni.example")
    assert roster(tmp_path, PLAIN, encoding) == (expected,)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id,name\n1,Ada\n2,Bob\n1,Eve\n", "lists 1 twice, in rows 2 and 4"),
        ("name\nAda\nada\n", "lists ada twice, in rows 2 and 3"),
        ("a,b\n1,2\n", "has no heading that is known"),
        ("nmae,x\nAda,2\n", "did you mean name?"),
        ("id,name\n", "lists nobody"),
        ("", "is empty"),
    ],
)
def test_a_roster_that_is_none_is_one_line(
    text: str, complaint: str, tmp_path: Path
) -> None:
    """It names the file, the rows and the fix."""
    with pytest.raises(UsageError) as caught:
        roster(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'roster.csv'}: ")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_class_is_the_union_of_roster_and_submissions() -> None:
    """Matched are ids, addresses, file names and names that one has; the rest is listed."""
    listed = (
        Listed("Ada Lovelace", ("301", "s1")),
        Listed("Ada Lovelace", ("304", "s4")),
        Listed("Bob Ray", ("302", "bm2"), "bm2@uni.example"),
        Listed("Cy Young", ("303",), "cy@uni.example"),
        Listed("Dee Dee", ("305",)),
        Listed("Eve Absent", ("306",)),
    )
    students = {
        "lovelaceada": Student(name="lovelaceada", id="301"),
        "s4.py": Student(name="s4.py", file="s4.py"),
        "b": Student(name="b", id="bm2"),
        "c": Student(name="c", email="CY@uni.example"),
        "Dee Dee": Student(name="Dee Dee"),
        "Ada Lovelace": Student(name="Ada Lovelace"),
        "zed": Student(name="zed", id="999"),
    }
    found = call_the_roll(students, listed)
    assert [each.name for each in found.missing] == ["Eve Absent"]
    # An Ada without an id may be either of two, so she is neither.
    assert found.unlisted == ("Ada Lovelace", "zed")
    assert found.students["s4.py"].id == "304"
    assert found.students["s4.py"].name == "Ada Lovelace"
    assert found.students["lovelaceada"].name == "Ada Lovelace"
    assert found.students["b"].email == "bm2@uni.example"


def test_without_a_roster_nobody_is_missing_or_unlisted() -> None:
    """The class is who handed in."""
    students = {"a": Student(name="a")}
    assert call_the_roll(students, ()) == (students, (), ())
