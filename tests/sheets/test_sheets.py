"""A platform's own sheet comes back with the grades in it, and with nothing else changed."""

import csv
import io

import pytest

from grader.errors import UsageError
from grader.sheets import PLATFORMS, Grade, fill, minimal
from grader.sheets.table import Table

ADA = Grade(
    "301",
    "Ada Lovelace",
    "al1@uni.example",
    3.0,
    4.0,
    "Nearly: turn the kernel.",
)
BOB = Grade("302", "Bob Müller", "bm2@uni.example", 4.0, 4.0)
ADA_TOO = Grade("304", "Ada Lovelace", "al4@uni.example", 0.0, 4.0)
FAULT = Grade("305", "Kim van der Berg", "kv5@uni.example", None, 4.0)
GRADES = (ADA, BOB, ADA_TOO, FAULT)
MOODLE = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    'Participant 301,Ada Lovelace,al1@uni.example,Submitted,,100.00,Yes,"Monday, 9:10 PM",-,\r\n'
    'Participant 302,Bob Müller,bm2@uni.example,Submitted,,100.00,Yes,"Monday, 9:10 PM",-,\r\n'
    'Participant 304,Ada Lovelace,al4@uni.example,Submitted,55.00,100.00,Yes,-,-,"Two\nlines"\r\n'
    "Participant 305,Kim van der Berg,kv5@uni.example,Submitted,61.00,100.00,Yes,-,-,\r\n"
    "Participant 399,Zed Absent,z@uni.example,No submission,12.00,100.00,Yes,-,-,\r\n"
)
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Homework 1 (77001),Final (77002)\r\n"
    "    Points Possible,,,,,10,100\r\n"
    '"Lovelace, Ada",301,S301,al1,A,,\r\n'
    '"Müller, Bob",302,S302,bm2,A,,\r\n'
    '"Lovelace, Ada",304,S304,al4,A,,7\r\n'
)
BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,"
    "Homework 1 Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator\r\n"
    "#301,#al1,Lovelace,Ada,,#\r\n"
    "#9,#bm2,Müller,Bob,,#\r\n"
)
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t'
    '"Homework 1 [Total Pts: 10 Score] |12345"\t"Total [Total Pts: up to 10 Score] |12344"\r\n'
    '"Lovelace"\t"Ada"\t"301"\t"S1"\t""\t""\r\n'
    '"Müller"\t"Bob"\t"302"\t"S2"\t""\t""\r\n'
)


def rows(
    data: bytes, encoding: str = "utf-8-sig", separator: str = ","
) -> list[list[str]]:
    """Read a sheet as a platform's importer does."""
    text = io.StringIO(data.decode(encoding), newline="")
    return list(csv.reader(text, delimiter=separator))


def test_a_moodle_worksheet_is_filled_by_participant_and_scaled_to_its_maximum() -> (
    None
):
    """Two Adas stay two, a fault of ours keeps the old grade, everybody else is listed."""
    sheet = Table("w.csv", MOODLE.encode())
    filled = fill(PLATFORMS["moodle"], sheet, GRADES)
    before, after = rows(MOODLE.encode()), rows(filled.data)
    grades = {row[0]: row[4] for row in after}
    assert grades["Participant 301"] == "75"
    assert grades["Participant 302"] == "100"
    assert grades["Participant 304"] == "0"
    assert grades["Participant 305"] == "61.00"
    assert after[1][9] == "Nearly: turn the kernel."
    assert filled.not_graded == ("Kim van der Berg", "Zed Absent")
    assert filled.not_in_sheet == filled.by_name == ()
    for old, new in zip(before, after, strict=True):
        assert [*old[:4], *old[5:9]] == [*new[:4], *new[5:9]]


def test_what_is_not_a_grade_keeps_its_bytes() -> None:
    """Rows of nobody who was graded are the same, byte for byte: mark, quotes and line ends too."""
    sheet = Table("w.csv", MOODLE.encode())
    data = fill(PLATFORMS["moodle"], sheet, [ADA]).data
    assert data.startswith("\ufeffIdentifier".encode())
    tail = MOODLE[MOODLE.index("Participant 302") :].encode()
    assert data.endswith(tail)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_encoding_and_separator_stay(encoding: str, separator: str) -> None:
    """A sheet that a spreadsheet saved with semicolons, or in UTF-16, comes back like that."""
    text = MOODLE.removeprefix("\ufeff").replace(",", separator)
    sheet = Table("w.csv", text.encode(encoding))
    data = fill(PLATFORMS["moodle"], sheet, GRADES).data
    assert rows(data, encoding, separator)[1][4] == "75"
    assert text.splitlines()[0].encode(encoding)[2:] in data


def test_a_comma_in_the_maximum_is_used_in_the_grades() -> None:
    """Where Moodle wrote 100,00 it reads 12,5."""
    text = MOODLE.replace(",", ";").replace("100.00", "100,00")
    sheet = Table("w.csv", text.encode())
    data = fill(PLATFORMS["moodle"], sheet, [ADA._replace(points=0.5)]).data
    assert rows(data, separator=";")[1][4] == "12,5"


def test_canvas_scales_to_the_points_of_the_column_that_is_named() -> None:
    """Of two assignments the named one is filled, and the other stays as it was."""
    sheet = Table("g.csv", CANVAS.encode())
    after = rows(fill(PLATFORMS["canvas"], sheet, GRADES, "Homework 1").data)
    assert [row[5] for row in after] == [
        "Homework 1 (77001)",
        "10",
        "7.5",
        "10",
        "0",
    ]
    assert [row[6] for row in after] == ["Final (77002)", "100", "", "", "7"]


def test_a_column_is_never_guessed() -> None:
    """With two assignments and none named, one line lists them."""
    sheet = Table("g.csv", CANVAS.encode())
    with pytest.raises(
        UsageError, match=r"g\.csv: which column .* 'Homework 1 \(77001\)'"
    ):
        fill(PLATFORMS["canvas"], sheet, GRADES)


def test_brightspace_matches_ids_behind_their_sign_and_unique_names() -> None:
    """`#301` is 301; Bob, whose id is another there, is matched by name, and that is told."""
    sheet = Table("b.csv", BRIGHTSPACE.encode())
    filled = fill(PLATFORMS["brightspace"], sheet, [ADA, BOB])
    assert [row[4] for row in rows(filled.data)[1:]] == ["7.5", "10"]
    assert filled.by_name == ("Bob Müller",)


def test_a_name_that_two_students_have_matches_nobody() -> None:
    """Where ids fail, an Ada of two is given nothing."""
    sheet = Table("b.csv", BRIGHTSPACE.replace("#301", "#7").encode())
    filled = fill(PLATFORMS["brightspace"], sheet, [ADA, BOB, ADA_TOO])
    assert [row[4] for row in rows(filled.data)[1:]] == ["", "10"]
    assert filled.not_in_sheet == ("Ada Lovelace (301)", "Ada Lovelace (304)")


def test_blackboards_own_file_is_utf_16_and_quoted() -> None:
    """The total, which Blackboard computes, is no column to fill."""
    sheet = Table("gc.xls", BLACKBOARD.encode("utf-16"))
    data = fill(PLATFORMS["blackboard"], sheet, GRADES).data
    after = rows(data, "utf-16", "\t")
    assert [row[4] for row in after[1:]] == ["7.5", "10"]
    assert '"Lovelace"\t"Ada"\t"301"\t"S1"\t"7.5"\t""\r\n' in data.decode(
        "utf-16"
    )


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "is a workbook"),
        (b"\xff\xfe\x00", "is not text"),
        (b"a\xe9,b\n", "is not text"),
        (b'a,"b\n', "ends inside a quoted cell"),
        (b"Name,Points\nx,1\n", "has no column"),
        (
            MOODLE.replace("Participant 3", "Participant 9").encode(),
            "lists none of the students",
        ),
    ],
)
def test_a_sheet_that_cannot_be_filled_is_one_line(
    data: bytes, complaint: str
) -> None:
    """Each kind of wrong file is named, with what to do."""
    grades = [
        ADA._replace(email="", name="X Y"),
        BOB._replace(email="", name="Z Y"),
    ]
    with pytest.raises(UsageError, match=complaint) as caught:
        fill(PLATFORMS["moodle"], Table("sheet.csv", data), grades)
    assert str(caught.value).startswith("sheet.csv: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_minimal_sheet_can_be_filled_by_its_own_rules(name: str) -> None:
    """What is written without a sheet has the columns that the platform is known by."""
    data, _ = minimal(PLATFORMS[name], GRADES, "Homework 1")
    assert "Kim" not in data.decode(), "a fault of ours is no grade"
    assert data.decode().count("\r\n") >= len(GRADES)
    assert "302" in data.decode()
