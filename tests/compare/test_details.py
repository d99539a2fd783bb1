"""Facts as plain data: what a report says about the first trial that failed."""

import json
import string
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.compare import compare, details
from grader.compare.details import cells
from grader.model import (
    Array,
    Details,
    Outcome,
    Raised,
    Tolerance,
    Trial,
    Unit,
    Unsent,
)

EXPECTED = np.arange(1.0, 7.0).reshape(2, 3)
TRIAL = Trial(case="c", name="float", args=(np.zeros((4, 5)), np.ones((3, 3))))
SOURCE = "import numpy as np\n\ndef convolve(image, kernel):\n    return image[99]\t# far\x00 out\n"


def shown(**outcome: Any) -> Details:
    """Return the details of one outcome."""
    given_outcome = Outcome(args_after=TRIAL.args, **outcome)
    finding = compare(
        TRIAL, given_outcome, EXPECTED, Tolerance(), ("image", "kernel")
    )
    return details(finding, (Unit(SOURCE),), passed=1, of=3)


def quoted(raised: Raised, source: str) -> str | None:
    """Return the line of `source` that the details of this exception quote."""
    outcome = Outcome(kind="raised", raised=raised)
    finding = compare(TRIAL, outcome, EXPECTED, Tolerance())
    exception = details(finding, (Unit(source),)).exception
    assert exception is not None
    return exception.source


def test_no_dtype_is_told_where_it_is_not_what_is_wrong() -> None:
    """Of whole numbers another value is wrong, or a list, whatever is in it."""
    expected = np.array([1, 2, 3])
    for value, kind in ((expected + 1, "ndarray"), ([1, 2, 3], "list")):
        outcome = Outcome(kind="returned", value=value, type_name=kind)
        finding = compare(TRIAL, outcome, expected, Tolerance())
        assert finding.verdict != "passed"
        assert details(finding, ()).expected_dtype is None


def test_values_that_differ_are_shown_side_by_side() -> None:
    """The details have inputs by name, both arrays, and the first difference with both numbers."""
    value = EXPECTED.copy()
    value[1, 1] = np.nan
    facts = shown(kind="returned", value=value, type_name="ndarray")
    assert (
        facts.rung,
        facts.first,
        facts.actual_value,
        facts.expected_value,
    ) == (
        "nan",
        (1, 1),
        "nan",
        5.0,
    )
    assert facts.actual == [[1.0, 2.0, 3.0], [4.0, "nan", 6.0]]
    assert facts.inputs is not None
    assert list(facts.inputs) == ["image", "kernel"]
    assert (facts.passed_trials, facts.trials, facts.total) == (1, 3, 6)


def test_details_are_json() -> None:
    """Numbers that JSON does not have become strings."""
    facts = shown(
        kind="returned",
        value=EXPECTED * np.array([np.inf, -np.inf, np.nan]),
        type_name="ndarray",
    )
    again = json.loads(msgspec.json.encode(facts), parse_constant=pytest.fail)
    assert again["actual"][0] == ["inf", "-inf", "nan"]


def test_an_array_whose_values_were_not_sent_has_the_wrong_dtype() -> None:
    """An array of objects or text is still an array: its dtype is wrong. A list stays a list."""
    facts = shown(kind="returned", type_name="ndarray", dtype="object")
    assert (facts.rung, facts.actual_dtype) == ("dtype", "object")
    assert shown(kind="returned", type_name="ndarray").rung == "type"
    assert (
        shown(kind="returned", type_name="list", dtype="object").rung == "type"
    )


def test_a_big_array_is_left_out() -> None:
    """A report does not grow with what a student returns."""
    facts = shown(
        kind="returned", value=np.zeros((1, 401)), type_name="ndarray"
    )
    assert facts.actual is None
    assert facts.actual_shape == (1, 401)
    assert cells(np.zeros((20, 20))) == [[0.0] * 20] * 20
    assert cells(np.zeros((0, 400))) == []
    assert cells(np.zeros((401, 0))) is None


@pytest.mark.parametrize(
    ("line", "cell", "source"),
    [
        (4, None, r"return image[99] # far\x00 out"),
        (2, None, None),
        (0, None, None),
        (-1, None, None),
        (10**9, None, None),
        (None, None, None),
        (4, 1, None),
    ],
)
def test_the_line_of_an_exception_is_quoted_from_our_copy(
    line: int | None, cell: int | None, source: str | None
) -> None:
    """The student's process sends a line number, which only ever indexes our copy of the text."""
    raised = Raised(type="IndexError", message="index 99", line=line, cell=cell)
    assert quoted(raised, SOURCE) == source


def test_a_long_line_is_cut() -> None:
    """A line of a megabyte does not get into the report."""
    raised = Raised(type="E", message="m", line=1)
    assert quoted(raised, "x" * 10**6) == "x" * 197 + "..."


def test_what_a_student_chose_has_little_room() -> None:
    """A part's type is cut where its name is longer than 60 characters, and 20 keys are listed."""
    for name in ("T" * 60, "T" * 61):
        came = [1.0, Unsent(name)]
        outcome = Outcome(kind="returned", value=came, type_name="list")
        facts = details(compare(TRIAL, outcome, [1.0, 2.0], Tolerance()), ())
        kept = name if len(name) == 60 else "T" * 57 + "..."
        assert facts.actual_type == kept
    for keys in (20, 21):
        many = {f"k{number:02}": 1.0 for number in range(keys)}
        outcome = Outcome(kind="returned", value=many, type_name="dict")
        finding = compare(TRIAL, outcome, {}, Tolerance())
        facts = details(finding, ())
        assert facts.unexpected == tuple(f"k{n:02}" for n in range(20))


@pytest.mark.parametrize(
    ("wrong", "around"),
    [
        (0, ("abcdefghijklmnopqrstu...", "!bcdefghijklmnopqrstu...")),
        (4, ("abcdefghijklmnopqrstuvwxy...", "abcd!fghijklmnopqrstuvwxy...")),
        (5, ("abcdefghijklmnopqrstuvwxyz", "abcde!ghijklmnopqrstuvwxyz")),
        (20, ("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrst!vwxyz")),
        (21, ("...bcdefghijklmnopqrstuvwxyz", "...bcdefghijklmnopqrstu!wxyz")),
        (25, ("...fghijklmnopqrstuvwxyz", "...fghijklmnopqrstuvwxy!")),
    ],
)
def test_of_a_text_what_stands_around_the_first_difference_is_shown(
    wrong: int, around: tuple[str, str]
) -> None:
    """Twenty characters on each side; dots stand only where more of the text follows."""
    text = string.ascii_lowercase
    other = f"{text[:wrong]}!{text[wrong + 1 :]}"
    outcome = Outcome(kind="returned", value=other, type_name="str")
    facts = details(compare(TRIAL, outcome, text, Tolerance()), ())
    assert (facts.expected_value, facts.actual_value) == around


def test_what_ended_a_call_is_passed_on() -> None:
    """Limits, signals, exit codes and reasons are passed on; what does not apply is absent."""
    facts = shown(kind="timed_out", limit_s=2.0)
    assert (facts.limit_s, facts.actual, facts.rung) == (2.0, None, None)
    assert shown(kind="crashed", signal=11).signal == 11
    assert shown(
        kind="returned", value=EXPECTED, type_name="ndarray"
    ) == Details(passed_trials=1, trials=3)


@given(
    hnp.arrays(
        st.one_of(hnp.scalar_dtypes(), hnp.complex_number_dtypes()),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
def test_details_are_total(value: Array) -> None:
    """Every array, of whatever dtype, has details that JSON can carry."""
    facts = shown(kind="returned", value=value, type_name="ndarray")
    json.loads(msgspec.json.encode(facts), parse_constant=pytest.fail)
    assert value.dtype.kind in "fiub" or cells(value) is None
