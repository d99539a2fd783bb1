"""The report as a whole in one line, and the notes that its reader should see."""

import pytest

from grader.model import CaseReport, Report
from grader.render import prose


@pytest.mark.parametrize(
    ("passed", "total", "sentence"),
    [
        (4, 4, "All 4 cases passed."),
        (3, 4, "3 of 4 cases passed."),
        (0, 4, "None of the 4 cases passed."),
        (1, 1, "The case passed."),
        (0, 1, "The case did not pass."),
        (0, 0, "There was no case to run."),
    ],
)
def test_report_message(
    passed: int, total: int, sentence: str, mixed: Report
) -> None:
    """The report's message counts the cases, and in the right number."""
    right, failing = mixed.cases[0], mixed.cases[1]
    cases: list[CaseReport] = [right] * passed + [failing] * (total - passed)
    assert prose.report_message(cases) == sentence


def test_a_student_is_not_told_about_the_secret(mixed: Report) -> None:
    """The note that the secret is well known is for the instructor alone."""
    assert len(prose.notes_for(mixed, "instructor")) == 2
    assert prose.notes_for(mixed, "student") == mixed.notes[:1]
