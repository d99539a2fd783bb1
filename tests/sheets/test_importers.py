"""What is written is taken by each platform's own importer, all of it, and by no other student."""

import pytest

from grader.errors import UsageError
from grader.sheets import PLATFORMS, Grade, fill, minimal
from grader.sheets.table import Table
from tests.sheets import importers
from tests.sheets.test_sheets import BLACKBOARD, BRIGHTSPACE, CANVAS, MOODLE

ADA = Grade(
    "301", "Ada Lovelace", "", 3.0, 4.0, 'Nearly, turn the "kernel",\nplease.'
)
BOB = Grade("302", "Bob Müller", "", 5.0, 4.0, "A talk: more than all points.")
ADA_TOO = Grade("304", "Ada Lovelace", "", 0.0, 4.0, "Nothing works.")
NOBODY = Grade("", "Eve", "", 4.0, 4.0)
FAULT = Grade("305", "Kim", "", None, 4.0)
CLASS = (ADA, BOB, ADA_TOO, FAULT)
PARTICIPANTS = {301: 0.0, 302: 0.0, 304: 0.0, 305: 0.0, 399: 0.0}


def filled(
    platform: str,
    text: str,
    grades: tuple[Grade, ...] = CLASS,
    column: str | None = None,
) -> bytes:
    """Fill a sheet."""
    sheet = Table("sheet.csv", text.encode())
    return fill(PLATFORMS[platform], sheet, grades, column).data


def test_moodle_takes_every_row_of_a_worksheet() -> None:
    """More than all points would be left out without a word, so it is all points, and is told."""
    sheet = Table("sheet.csv", MOODLE.encode())
    done = fill(PLATFORMS["moodle"], sheet, CLASS)
    grades, comments = importers.moodle(done.data, PARTICIPANTS, 100.0)
    assert grades == {301: 75.0, 302: 100.0, 304: 0.0, 305: 61.0, 399: 12.0}
    assert done.above == ("Bob Müller",)
    assert comments[301] == ADA.comment


def test_moodle_takes_the_minimum() -> None:
    """Without a sheet there is no maximum to scale to, and whoever has no id is told."""
    data, left_out = minimal(
        PLATFORMS["moodle"], (*CLASS, NOBODY), "Homework 1"
    )
    grades, comments = importers.moodle(data, PARTICIPANTS, 10.0)
    assert grades == {301: 3.0, 302: 5.0, 304: 0.0}
    assert comments[301] == ADA.comment
    assert left_out == ("Eve",)


def test_canvas_takes_its_gradebook_and_the_minimum() -> None:
    """The header is valid, everybody is known, and only one assignment is changed."""
    students = {301: "Ada Lovelace", 302: "Bob Müller", 304: "Other Ada"}
    found = importers.canvas(
        filled("canvas", CANVAS, column="Homework 1"), students
    )
    assert found["Homework 1 (77001)"] == {
        "Ada Lovelace": "7.5",
        "Bob Müller": "12.5",
        "Other Ada": "0",
    }
    assert found["Final (77002)"]["Other Ada"] == "7"
    everybody = {**students, 999: "Eve"}
    data, left_out = minimal(
        PLATFORMS["canvas"], (*CLASS, NOBODY), "Homework 1"
    )
    assert importers.canvas(data, everybody)["Homework 1"]["Eve"] == "4"
    assert left_out == ()


def test_canvas_would_pass_over_a_column_that_is_read_only() -> None:
    """So it is not offered, and the only other one needs no name."""
    text = CANVAS.replace(",10,100", ",10,(read only)")
    data = filled("canvas", text)
    students = {301: "Ada Lovelace", 302: "Bob Müller", 304: "Other Ada"}
    assert set(importers.canvas(data, students)) == {"Homework 1 (77001)"}


def test_brightspace_and_blackboard_take_theirs() -> None:
    """Filled and new; the sign at the end of each line stays."""
    text = BRIGHTSPACE.replace("#9,", "#302,")
    assert importers.brightspace(filled("brightspace", text)) == {
        "301": 7.5,
        "302": 12.5,
    }
    data, _ = minimal(PLATFORMS["brightspace"], CLASS, "Homework 1")
    assert importers.brightspace(data) == {"301": 3.0, "302": 5.0, "304": 0.0}
    sheet = Table("gc.xls", BLACKBOARD.encode("utf-16"))
    taken = importers.blackboard(
        fill(PLATFORMS["blackboard"], sheet, CLASS).data
    )
    assert taken == {"301": 7.5, "302": 12.5}
    data, _ = minimal(PLATFORMS["blackboard"], CLASS, "Homework 1")
    assert importers.blackboard(data) == {"301": 3.0, "302": 5.0, "304": 0.0}


SPREADSHEET = MOODLE.replace(
    'Yes,"Monday, 9:10 PM",-', "Yes,x,23.11.2026 21:10"
)


@pytest.mark.parametrize(
    ("platform", "text", "grades", "complaint"),
    [
        # Moodle numbers the students of each assignment anew: the names fit, the numbers do not.
        (
            "moodle",
            MOODLE.replace("Participant 3", "Participant 7"),
            CLASS,
            "lists none of the",
        ),
        (
            "moodle",
            MOODLE.replace("Ada Lovelace", "Eve Idle").replace(
                "Bob Müller", "Cy Young"
            ),
            CLASS,
            "301 is Eve Idle there and Ada Lovelace in the results",
        ),
        (
            "moodle",
            SPREADSHEET,
            CLASS,
            "a spreadsheet has changed its dates (23.11.2026 21:10)",
        ),
        (
            "moodle",
            MOODLE.replace("100.00", "Very good"),
            CLASS,
            "its maximum is 'Very good'",
        ),
        (
            "moodle",
            MOODLE.replace("Participant 304", "Participant 301"),
            CLASS,
            "lists 301 twice",
        ),
        (
            "brightspace",
            BRIGHTSPACE.replace("#301", "301"),
            (ADA._replace(id="00301"), BOB),
            "has 301 for 00301: a spreadsheet has dropped the zeros",
        ),
    ],
)
def test_a_sheet_in_doubt_is_refused_in_one_line(
    platform: str, text: str, grades: tuple[Grade, ...], complaint: str
) -> None:
    """A grade in another student's row is worse than none."""
    with pytest.raises(UsageError) as caught:
        filled(platform, text, grades)
    assert str(caught.value).startswith("sheet.csv: ")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["lovelaceada", "Participant 301", "anon_x", "A. Lovelace", ""]
)
def test_a_name_that_is_written_otherwise_raises_no_doubt(name: str) -> None:
    """Canvas writes it in one word, anonymous marking hides it, people shorten it."""
    grades, _ = importers.moodle(
        filled("moodle", MOODLE, (ADA._replace(name=name),)),
        PARTICIPANTS,
        100.0,
    )
    assert grades[301] == 75.0


def test_nobody_with_an_id_is_one_line() -> None:
    """A platform that knows ids alone gets no file without any."""
    with pytest.raises(UsageError, match="nobody has an id of moodle"):
        minimal(PLATFORMS["moodle"], [NOBODY], "Homework 1")
