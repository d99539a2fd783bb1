"""A sheet that is hardly one costs little, and is refused with one line."""

import resource
import time

import pytest

from grader.errors import UsageError
from grader.sheets import PLATFORMS, Grade, fill
from grader.sheets.table import Table, new_sheet

HEADER = "Identifier,Full name,Status,Grade,Maximum Grade,Feedback comments\r\n"
ROW = "Participant 1,Ada Low,Submitted,,100.00,{}\r\n"
SHEETS = {
    "a giant cell": HEADER + ROW.format(f'"{"x" * 200_000}"'),
    "a quote that is never closed": HEADER + ROW.format('"' + "\n" * 4_000_000),
    "lines in a quoted cell": HEADER
    + ROW.format('"' + "a\n" * 2_000_000 + '"'),
    "nothing but line ends": HEADER + "\r\n" * 2_000_000,
    "a giant header": "I" * 10_000_000,
    "a wide header": ",".join(["Identifier"] * 500_000),
    "nothing but quotes": '"' * 4_000_001,
    "nothing but separators": "," * 4_000_000,
}
GRADE = Grade("1", "Ada Low", "ada@uni.example", 3.0, 4.0)


@pytest.mark.parametrize("text", SHEETS.values(), ids=SHEETS)
def test_a_sheet_that_is_none_is_refused_at_little_cost(text: str) -> None:
    """One line, in under a second of processor time, whatever fills its megabytes."""
    data = text.encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    with pytest.raises(UsageError, match=r"^S\.csv: [^\n]+$"):
        fill(PLATFORMS["moodle"], Table("S.csv", data), [GRADE])
    assert time.process_time() - began < 1
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) >> 10 < 300


def test_a_large_class_is_still_a_sheet() -> None:
    """A hundred thousand students, each with a comment of two lines, are filled in."""
    others = [
        f"Participant {number},Student {number},Submitted,,100.00,\r\n"
        for number in range(2, 100_002)
    ]
    text = HEADER + ROW.format('"two\nlines"') + "".join(others)
    filled = fill(PLATFORMS["moodle"], Table("S.csv", text.encode()), [GRADE])
    assert filled.filled == 1


def test_what_is_a_number_stays_one_in_a_new_sheet() -> None:
    """Signs of numbers and the dash of an empty cell are no formulas; anything else is."""
    cells = ["-", "-1.5", "+2", "-1,5", "3", "-1+1", "=1", "- 1"]
    row = new_sheet([cells]).decode().split("\r\n")[0]
    assert row == "-,-1.5,+2,\"-1,5\",3,'-1+1,'=1,'- 1"
