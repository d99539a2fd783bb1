"""The gradebook, as a spreadsheet reads it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classbook.adjustments import Adjustment
from grader.classbook.facts import Facts
from grader.classbook.gradebook import gradebook
from grader.classbook.lateness import lateness
from grader.classbook.rows import Row
from grader.intake.student import Student
from grader.model import Status, Verdict
from grader.untrusted import no_commands, visible

STUDENT = Student(
    name="Zoë Zimmer",
    id="312",
    email="zz12@uni.example",
    file="hw.py",
    origin="zimmerzoe_312_9_hw.py",
    attempt=2,
    submitted_at="2026-11-22T21:10:05",
    late=True,
)


def row(
    name: str, score: float | None = 2.5, student: Student = STUDENT
) -> Row:
    """Make the row of one submission."""
    status = Status.GRADED if score is not None else Status.GRADER_ERROR
    verdicts = (("8x8", Verdict.PASSED), ("12x10", Verdict.RAISED))
    facts = Facts(
        name=name,
        kind="python",
        status=status,
        score=score,
        max_score=4.0,
        message="1 of 2 cases passed.",
        verdicts=verdicts,
        hints=(("kernel-flipped", "text"), ("same-padding", "text")),
    )
    late = lateness(student, None, None)
    return Row(student, facts, late, Adjustment(), facts.max_score)


def table(data: bytes) -> list[list[str]]:
    """Read the gradebook as a program would."""
    return list(
        csv.reader(
            io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True
        )
    )


def test_the_gradebook_to_the_letter() -> None:
    """Byte order mark, header, RFC 4180 line ends; a grader error has no score, not 0."""
    data = b"".join(
        gradebook(
            [row("Zoë"), row("b", None, Student(name="b"))], ["8x8", "12x10"]
        )
    )
    assert data.decode() == (
        "\ufeffname,student,id,email,group,file,origin,attempt,submitted_at,late,late_by,"
        "status,score,max_score,final,8x8,12x10,misconceptions,comment\r\n"
        "Zoë,Zoë Zimmer,312,zz12@uni.example,,hw.py,zimmerzoe_312_9_hw.py,2,"
        "2026-11-22T21:10:05,yes,unknown,"
        "graded,2.5,4,2.5,passed,raised,kernel-flipped same-padding,1 of 2 cases passed.\r\n"
        "b,b,,,,,,1,,,,"
        "grader_error,,4,,passed,raised,kernel-flipped same-padding,\r\n"
    )


@given(st.text())
def test_any_name_comes_back_as_one_cell(name: str) -> None:
    """No comma, quote, line end or semicolon in a name splits a cell or a row."""
    rows = table(b"".join(gradebook([row(name)], ["8x8", "12x10"])))
    assert len(rows) == 2
    assert len(rows[1]) == len(rows[0])
    shown = visible(name).replace("\n", " ").replace("\t", " ")
    shown = no_commands(shown)
    assert rows[1][0] in {shown, f"'{shown}"}


@pytest.mark.parametrize(
    "name", ["Zoë O'Neil", "Lee, Sam", 'Ada "Ace" L.', "李雷", "a;b"]
)
def test_an_honest_name_comes_back_as_it_was(name: str) -> None:
    """Quoting changes nothing for a program that reads the file."""
    assert table(b"".join(gradebook([row(name)], [])))[1][0] == name


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\uff1d1",
        '=HYPERLINK("http://x")',
    ],
)
def test_a_name_is_never_a_formula(name: str) -> None:
    """A spreadsheet shows the text that it would otherwise run."""
    named = row(name, student=Student(name=name, file=name))
    rows = table(b"".join(gradebook([named], ["8x8", "12x10"])))
    assert rows[1][0].startswith("'")
    assert rows[1][1].startswith("'")
    assert rows[1][5].startswith("'")


def test_a_semicolon_does_not_begin_a_cell() -> None:
    """Excel splits at semicolons where the comma is the decimal sign, so they are quoted."""
    assert b'"x;=cmd"' in b"".join(gradebook([row("x;=cmd")], []))
