"""Numbers, durations, values and what was printed, as a person writes them."""

from typing import Any

import pytest

from grader.model import Details, Report, Verdict
from grader.render import beside, printed
from grader.render.moments import in_call
from grader.render.numbers import number, seconds, size, two_numbers
from grader.render.values import ShownValue, script_lines, told_values
from grader.render.written import written

BOTH = {"expected_type": "str", "actual_type": "str"}
ARRAY = [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "?"),
        ("nan", "nan"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (2, "2.0"),
        (-0.0, "0.0"),
        (0.5, "0.5"),
        (1664.23, "1664.2"),
        (16642.3, "16642.3"),
        (1234567.0, "1.2346e+06"),
        (1e-7, "1e-07"),
        (1 / 3, "0.33333"),
        ("a" * 60, "a" * 60),
        ("a" * 61, "a" * 57 + "..."),
    ],
)
def test_a_number_has_five_digits(value: Any, text: str) -> None:
    """A whole one keeps its `.0`, and a text is cut."""
    assert number(value) == text


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        (1.0, 2.0, ("1.0", "2.0")),
        (1.00001, 1.0, ("1.00001", "1.0")),
        (1.0, 1.0, ("1.0", "1.0")),
        (1.00002, 1.00001, ("1.00002", "1.00001")),
        (1.00000002, 1.00000001, ("1.00000002", "1.00000001")),
        (1.0000000002, 1.0000000001, ("1.0000000002", "1.0000000001")),
        (0.1 + 0.2, 0.3, ("0.30000000000000004", "0.29999999999999999")),
        (None, 1.0, ("?", "1.0")),
    ],
)
def test_two_numbers_have_as_many_digits_as_it_takes(
    first: Any, second: Any, shown: tuple[str, str]
) -> None:
    """Where five digits look the same, both get more."""
    assert two_numbers(first, second) == shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2 s"),
        (0.25, "0.25 s"),
        (0.1, "0.1 s"),
        (0.099, "99 ms"),
        (0.0014, "1.4 ms"),
        (0.0, "0 s"),
        (-1.0, "-1 s"),
        (12.345, "12.3 s"),
        (0.00012, "0.12 ms"),
    ],
)
def test_a_short_duration_is_in_milliseconds(value: float, text: str) -> None:
    """From a tenth of a second on it is in seconds."""
    assert seconds(value) == text


def test_a_size_is_written_as_people_do() -> None:
    """One axis is its length alone."""
    assert [size(shape) for shape in ((8, 6), (3,), ())] == ["8x6", "3", ""]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("a", None, "'a'"),
        ("a", "str", "'a'"),
        ("nan", None, "nan"),
        ("nan", "str", "'nan'"),
        ("-inf", None, "-inf"),
        ("inf", None, "inf"),
        ("a random generator", None, "a random generator"),
        ("a random generator", "str", "'a random generator'"),
        ("1+2j", "complex", "1+2j"),
        ([1, 2.5, True, None, "x"], "list", "[1, 2.5, True, None, 'x']"),
        ([1, 2], "tuple", "(1, 2)"),
        ([1, 2], None, "[1, 2]"),
        ({"a": [1], "b": "nan"}, "dict", "{'a': [1], 'b': nan}"),
        ({1: 2}, "tuple", "{'1': 2}"),
        (["...", "inf"], None, "[..., inf]"),
        ([[[[[1]]]]], None, "[[[[[1]]]]]"),
        ([[[[[[1]]]]]], None, "[[[[[...]]]]]"),
        ([[[[[{}]]]]], None, "[[[[[...]]]]]"),
        ([0] * 40, None, "[" + ", ".join("0" * 40) + "]"),
        ([0] * 41, None, "[" + ", ".join("0" * 40) + ", ...]"),
        (dict.fromkeys(range(41), 0), None, None),
        (10**119, None, "1" + "0" * 119),
        (10**120 - 1, None, "9" * 120),
        (10**120, None, "..."),
        (-(10**120), None, "..."),
        (1234567.5, None, "1.23457e+06"),
        (0.123456789, None, "0.123457"),
        (True, None, "True"),
        ("it's", None, "'it's'"),
        ("a\nb\\", None, "'a\\nb\\\\'"),
    ],
)
def test_a_value_is_written_as_in_python(
    value: Any, kind: str | None, text: str | None
) -> None:
    """Text in quotes, a tuple in brackets of its own, and what is deep or long is cut."""
    shown = written(value, kind)
    if text is None:
        text = "{" + ", ".join(f"'{key}': 0" for key in range(40)) + ", ...}"
        shown = written(value, kind, 1000)
    assert shown == text


def test_what_is_long_is_cut() -> None:
    """A line, a text inside of it, and a key."""
    assert written("a" * 400) == "'" + "a" * 296 + "..."
    assert written(["a" * 400]) == "['" + "a" * 116 + "...]"
    assert written({"k" * 99: 1}) == "{'" + "k" * 56 + "...: 1}"
    assert written(["a" * 100] * 4)[-3:] == "..."
    assert len(written(["a" * 100] * 4)) == 300


# ------------------------------------------------------------------------------------- values


def told(verdict: Verdict = Verdict.WRONG_VALUES, **facts: Any) -> list[str]:
    """Return the values that are told beside the arrays: title and text."""
    shown = told_values(Details(**facts), verdict)
    return [f"{value.title}: {value.text}" for value in shown]


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        (
            {"inputs": {"a": 1, "b": None, "c": ARRAY, "d": "x"}},
            ["a: 1", "d: 'x'"],
        ),
        (
            {"inputs": {"a": [1, ARRAY], "b": {"k": ARRAY, "l": 2}}},
            ["a[0]: 1", "b['l']: 2"],
        ),
        ({"inputs": {"a": ["x", "y"]}}, ["a: ['x', 'y']"]),
        (
            {"inputs": {"a": [ARRAY, None, *"wxyz"]}},
            [f"a[{n}]: '{c}'" for n, c in enumerate("wxyz", 2)],
        ),
        (
            {"inputs": {"a": [ARRAY, *"uvwxyz"]}},
            ["a: [[[1.0, 2.0], [3.0, 4.0]], 'u', 'v', 'w', 'x', 'y', 'z']"],
        ),
        (
            {"inputs": {"a": 1, "b": 2}, "script": ("f(a=1)", "g(c=2)")},
            ["b: 2"],
        ),
        ({"expected": 1, "actual": 2}, []),
        ({"expected_type": "int", "expected": 1, "actual": 2}, ["expected: 1"]),
        (
            {
                "expected_type": "int",
                "actual_type": "int",
                "expected": 1,
                "actual": 2,
            },
            ["expected: 1", "yours: 2"],
        ),
        (
            {
                "expected_type": "tuple",
                "actual_type": "list",
                "expected": [1, "a"],
                "actual": [1, "b"],
            },
            ["expected: (1, 'a')", "yours: [1, 'b']"],
        ),
        (
            {
                "expected_type": "tuple",
                "actual_type": "tuple",
                "expected": [ARRAY, ["a"]],
                "actual": ARRAY,
            },
            ["expected[1]: ['a']"],
        ),
        (
            {
                "expected_type": "str",
                "actual_type": "NoneType",
                "expected": "a",
            },
            ["expected: 'a'", "yours: None"],
        ),
        (
            {
                "expected_type": "list",
                "actual_type": "list",
                "sentence": "x",
                "expected": ["a"],
                "actual": [],
            },
            ["one right answer: ['a']", "yours: []"],
        ),
        (
            {
                "expected_type": "str",
                "actual_type": "str",
                "expected": 1,
                "actual": "a",
            },
            ["expected: 1", "yours: 'a'"],
        ),
    ],
)
def test_what_is_no_array_is_told(
    facts: dict[str, Any], lines: list[str]
) -> None:
    """Inputs first, parts by themselves if some are arrays, and nothing that the calls show."""
    assert told(**facts) == lines
    assert told(Verdict.PASSED, **facts) == []


def test_as_many_values_are_told_as_fit() -> None:
    """Twelve values, forty calls of at most 200 characters."""
    inputs = {f"n{number}": number for number in range(13)}
    assert len(told(inputs=inputs)) == 12
    assert told(inputs={"a" * 50: 1}) == ["a" * 37 + "...: 1"]
    assert told(inputs={"a": {"b" * 60: ARRAY, "c" * 60: 1}}) == [
        f"a['{'c' * 36}...]: 1"
    ]
    lines = script_lines(Details(script=("a" * 300,) * 50))
    assert lines == ("a" * 197 + "...",) * 40


LONG = "the quick brown fox jumps over the lazy dog and then it sleeps for many hours on end"


@pytest.mark.parametrize(
    ("given", "first", "marked"),
    [
        ("bb", 0, [("'", "a", "b'"), ("'", "b", "b'")]),
        ("abc", 2, [("'ab", "", "'"), ("'ab", "c", "'")]),
    ],
)
def test_a_text_is_marked_where_it_differs(
    given: str, first: int, marked: list[tuple[str, str, str]]
) -> None:
    """The mark is one character; where one of the texts has ended, it has none."""
    facts: dict[str, Any] = {**BOTH, "first": (first,)}
    found = told_values(
        Details(expected="ab", actual=given, **facts), Verdict.WRONG_VALUES
    )
    assert [(one.before, one.marked, one.after) for one in found] == marked
    assert [one.title for one in found] == ["expected", "yours"]


@pytest.mark.parametrize("first", [29, 30, 31, 43, 44, 45])
def test_a_long_text_is_told_around_the_place(first: int) -> None:
    """Thirty characters before it and forty from it on; more of them is three dots."""
    other = f"{LONG[:first]}#{LONG[first + 1 :]}"
    facts: dict[str, Any] = {**BOTH, "first": (first,)}
    expected, yours = told_values(
        Details(expected=LONG, actual=other, **facts), Verdict.WRONG_VALUES
    )
    start = max(0, first - 30)
    before = f"{'...' if start else ''}'{LONG[start:first]}"
    end = first + 40
    after = f"{LONG[first + 1 : end]}'{'...' if end < len(LONG) else ''}"
    assert expected == ShownValue(
        title="expected", before=before, marked=LONG[first], after=after
    )
    assert (yours.before, yours.marked, yours.after) == (before, "#", after)


def test_a_place_beyond_a_text_shows_its_end() -> None:
    """A report that somebody wrote may name any place."""
    facts: dict[str, Any] = {**BOTH, "first": (999,)}
    expected, _ = told_values(
        Details(expected=LONG, actual="x" * 200, **facts), Verdict.WRONG_VALUES
    )
    assert expected.text == f"...'{LONG[-30:]}'"


# ------------------------------------------------------------------------- printed, and beside


def test_the_middle_of_what_was_printed_is_left_out() -> None:
    """A report keeps 200 lines of 400 characters, and 8000 characters, from both ends."""
    lines = [f"line {number}" for number in range(201)]
    assert printed.kept("\n".join(lines[:200]) + "\n\n") == "\n".join(
        lines[:200]
    )
    shown = printed.kept("\n".join(lines)).split("\n")
    assert (len(shown), shown[99:102]) == (
        201,
        ["line 99", "... 1 more line ...", "line 101"],
    )
    more = printed.kept("\n".join([*lines, "last"])).split("\n")
    assert more[100] == "... 2 more lines ..."
    assert printed.kept("a" * 401) == "a" * 400
    whole = "\n".join(["a" * 399] * 20)
    assert len(whole) == 7999
    assert printed.kept(whole + "b") == whole + "b"
    assert printed.kept(whole + "\nb") == (
        f"{whole[:4000]}\n... 1 more characters ...\n{(whole + chr(10) + 'b')[-4000:]}"
    )


def test_a_terminal_shows_the_last_ten_lines() -> None:
    """Above them it says how many there are before."""
    lines = [f"line {number}" for number in range(12)]
    assert printed.last_lines("") == ()
    assert printed.last_lines("\n".join(lines[:10])) == tuple(lines[:10])
    eleven = ("... and 1 more line, then:", *lines[1:11])
    assert printed.last_lines("\n".join(lines[:11])) == eleven
    assert (
        printed.last_lines("\n".join(lines))[0] == "... and 2 more lines, then:"
    )
    assert printed.last_lines("a" * 300) == ("a" * 197 + "...",)


def test_what_to_hand_in_is_told_where_all_is_right(
    report: Report,
) -> None:
    """With the course's own sentence, or that other inputs are used; before, nothing is."""
    found = beside.right_of(report)
    how = beside.hand_in(report, "a.py", "")
    if report.status != "graded":
        assert found is None
    else:
        passed = sum(case.verdict == "passed" for case in report.cases)
        assert found == (passed, len(report.cases))
    if found is None or found[0] < found[1]:
        assert how == ""
        return
    assert how == (
        "Next: hand in a.py. It is graded with other inputs than these."
    )
    long = beside.hand_in(report, "b" * 200, "c" * 400)
    assert long == f"Next: hand in {'b' * 97}.... {'c' * 297}..."


def test_the_call_that_did_not_return_is_named() -> None:
    """A long one is cut."""
    assert in_call(Details()) == ""
    assert in_call(Details(call="f")) == " It was the call of `f`."
    assert in_call(Details(call="f" * 101)).endswith("f...`.")
