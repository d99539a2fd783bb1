"""What a report says about values of every kind: the part that differs, as plain data."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare import compare, details
from grader.compare.ladder import in_time
from grader.exercise import load_exercise
from grader.model import (
    Call,
    Covered,
    Details,
    Earlier,
    Exercise,
    Outcome,
    Patch,
    Picture,
    Raised,
    Random,
    Speed,
    Still,
    Tolerance,
    Trial,
    Unit,
    Unsent,
    Verdict,
)

TRIAL = Trial(case="c", name="t", args=(3,), result=Earlier(0))
UNITS = (Unit("def f(x):\n    while x:\n        x = x\n\n"),)


def finding_of(expected: Any, value: Any, trial: Trial = TRIAL) -> Any:
    """Return the finding of a value that came back."""
    outcome = Outcome(
        kind="returned",
        value=value,
        args_after=trial.args,
        type_name=type(value).__name__,
    )
    return compare(trial, outcome, expected, Tolerance(), ("x",))


def facts(expected: Any, value: Any, trial: Trial = TRIAL) -> Details:
    """Return the details of a value that came back."""
    return details(finding_of(expected, value, trial), UNITS, passed=0, of=1)


def test_of_what_passed_there_are_counts_alone() -> None:
    """No value is shown."""
    found = details(finding_of(1, 1), UNITS, passed=2, of=2)
    assert found == Details(passed_trials=2, trials=2)


@pytest.mark.parametrize(
    ("expected", "value", "shown"),
    [
        (2.0, 3.0, {"expected": 2.0, "actual": 3.0, "total": 1}),
        (2, "2", {"expected_type": "int", "actual_type": "str"}),
        (
            np.array(2.0),
            np.array([2.0]),
            {"expected_type": "float", "actual_shape": (1,)},
        ),
        ("word", "ward", {"expected_value": "word", "actual_value": "ward"}),
        (
            "a" * 30 + "b" + "c" * 30,
            "a" * 30 + "x" + "c" * 30,
            {"expected_value": f"...{'a' * 20}b{'c' * 20}..."},
        ),
        (b"ab", b"ax", {"expected_value": "b'ab'", "first": (1,)}),
        (
            [1, 2],
            [1, 3],
            {"expected": [1, 2], "actual": [1, 3], "first": (1,)},
        ),
        (
            ["a", "b"],
            ["a", "x"],
            {"expected": ["a", "b"], "actual": ["a", "x"], "first": (0,)},
        ),
        ([[1], 2], [[3], 2], {"expected": [1], "actual": [3]}),
        (
            (np.zeros(2), 1),
            (np.ones(2), 1),
            {"expected": [0.0, 0.0], "actual": [1.0, 1.0], "differing": 2},
        ),
        ({"a": 1.0}, {"a": 2.0}, {"part": "`a`", "actual": 2.0}),
        ([1, 2], [1], {"expected_length": 2, "actual_length": 1}),
        (
            {"a": 1},
            {"b": 1},
            {"missing": ("a",), "unexpected": ("b",), "rung": "keys"},
        ),
        (
            np.array([1, 2]),
            np.array([1 + 1j, 2]),
            {"expected_dtype": "int64", "actual_dtype": "complex128"},
        ),
        (np.zeros(2), Unsent("set", None), {"actual_type": "Unsent"}),
        (
            np.zeros(2),
            Unsent("ndarray", "object"),
            {"rung": "dtype", "actual_dtype": "object"},
        ),
        (None, 3, {"expected_type": "NoneType", "actual": 3}),
        (
            Random("PCG64", "{}"),
            1,
            {"expected": "a random generator", "total": None},
        ),
        ({"a": Unsent("x", None)}, {"a": 1}, {"rung": None}),
        (1.0, None, {"actual": None, "actual_value": None}),
    ],
    ids=lambda each: f"{each!r:.40}",
)
def test_each_difference_has_its_facts(
    expected: Any, value: Any, shown: Mapping[str, Any]
) -> None:
    """Both sides, their kinds and sizes, and where the first difference is."""
    found = facts(expected, value)
    assert {name: getattr(found, name) for name in shown} == shown


def test_of_many_keys_some_are_named() -> None:
    """A dict of a million keys costs a line."""
    found = facts({"a": 1}, dict.fromkeys(range(10**6), 1))
    assert found.unexpected is not None
    assert len(found.unexpected) == 20
    assert found.missing == ("a",)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.binary(max_size=4)
    | st.complex_numbers()
    | st.sampled_from(
        [
            np.arange(3),
            np.zeros((2, 2)),
            np.array([1j]),
            np.float32(2),
            Random("PCG64", "{}"),
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(
            st.text(max_size=2) | st.integers(), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(VALUES, VALUES | st.just(Unsent("set", None)))
def test_the_facts_of_any_two_values_are_plain_data(
    expected: Any, value: Any
) -> None:
    """Whatever is expected and whatever comes back, JSON carries what is said of it."""
    found = facts(expected, value)
    json.dumps(msgspec.to_builtins(found), allow_nan=False)
    msgspec.json.encode(found)
    if found.part is not None:
        assert found.expected != found.actual or found.rung is not None


# ---- Time, exceptions, calls


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    """Return an exercise, of which tests change what it says."""
    return load_exercise("convolution")


def test_what_is_right_and_slow_is_told_with_what_is_allowed(
    exercise: Exercise,
) -> None:
    """What is wrong stays wrong, and what is in time is right."""
    quick = finding_of(1, 1)
    outcome = msgspec.structs.replace(quick.outcome, duration_s=3.0)
    slow = msgspec.structs.replace(quick, outcome=outcome)
    assert in_time(quick, 1.0) is quick
    late = in_time(slow, 1.0)
    assert (late.verdict, late.rung) == (Verdict.TIMED_OUT, "speed")
    wrong = finding_of(1, 2)
    assert in_time(wrong, 0.0) is wrong
    fast = msgspec.structs.replace(
        exercise, speed=Speed(within="20x reference")
    )
    assert details(late, UNITS, exercise=fast).allowed == "20x reference"
    assert details(late, UNITS, exercise=exercise).allowed is None
    assert details(late, UNITS).allowed is None


def told(trial: Trial = TRIAL, **outcome: Any) -> Details:
    """Return the details of an outcome that gave no value."""
    found = compare(trial, Outcome(**outcome), 1, Tolerance(), ("x",))
    return details(found, UNITS)


def test_where_it_still_was_is_quoted_from_our_own_text() -> None:
    """A line that the text does not have is not told."""
    at = told(
        kind="timed_out", limit_s=2.0, still=Still(lines=(2,), is_loop=True)
    ).still
    assert at is not None
    assert (at.line, at.source, at.is_loop) == (2, "while x:", True)
    for line in (4, 99, 0):
        still = Still(lines=(line,), is_loop=False)
        assert told(kind="timed_out", limit_s=2.0, still=still).still is None


@pytest.mark.parametrize(
    ("line", "cell", "source"),
    [
        (2, None, "while x:"),
        (None, None, None),
        (2, 7, None),
        (9, None, None),
        (4, None, None),
    ],
)
def test_an_exception_has_the_line_that_it_names(
    line: int | None, cell: int | None, source: str | None
) -> None:
    """The number is a student's process's word, and the text is ours."""
    raised = Raised(type="ValueError", message="m", line=line, cell=cell)
    found = told(kind="raised", raised=raised).exception
    assert found is not None
    assert (found.type, found.source) == ("ValueError", source)


def test_of_several_calls_the_one_that_failed_is_named() -> None:
    """And the names of the inputs are those of the script."""
    calls = (
        Call(name="Layer", args=(3,)),
        Call(name="forward", args=(4,), on=0),
    )
    trial = Trial(
        case="c",
        name="t",
        args=(3, 4),
        names=("x", "y of forward"),
        calls=calls,
        result=Earlier(1),
    )
    raised = Raised(type="ValueError", message="m")
    found = told(trial, kind="raised", raised=raised, call=1)
    assert found.call == "layer.forward"
    assert found.script == ("layer = Layer(x)", "layer.forward(y_of_forward)")
    assert found.inputs == {"x": 3, "y_of_forward": 4}


def covered(
    exercise: Exercise, expected: Any, value: Any, **picture: str
) -> Covered | None:
    """Return what is framed of an 6x7 image under a 2x3 kernel."""
    args = (np.zeros((6, 7)), np.ones((2, 3)), 2, 1)
    names = ("image", "kernel", "stride", "padding")
    trial = Trial(case="c", name="t", args=args, names=names)
    declared = Picture(window=("image", "kernel"), **picture)
    changed = msgspec.structs.replace(exercise, picture=declared)
    found = finding_of(expected, value, trial)
    return details(found, UNITS, exercise=changed).covered


def wrong_at(shape: tuple[int, ...], *place: int) -> tuple[Any, Any]:
    """Return two arrays that differ in one place."""
    value = np.zeros(shape)
    value[place] = 1.0
    return np.zeros(shape), value


def test_the_window_of_the_first_wrong_place_is_framed(
    exercise: Exercise,
) -> None:
    """With its stride and its padding; not for a part, and not where the declaration is wrong."""
    at = covered(exercise, *wrong_at((5, 5), 2, 3))
    assert at == Covered(
        over="image", by="kernel", row=2, column=3, height=2, width=3
    )
    strided = covered(
        exercise, *wrong_at((4, 4), 1, 2), stride="stride", padding="padding"
    )
    assert strided == Covered(
        over="image", by="kernel", row=1, column=3, height=2, width=3
    )
    for expected, value in (
        wrong_at((9, 9), 8, 8),
        (1, "a"),
        ([1], [2]),
    ):
        assert covered(exercise, expected, value) is None
    assert details(finding_of(1, 2), UNITS, exercise=exercise).covered is None


def asked(
    exercise: Exercise, shape: tuple[int, ...], *patch: tuple[int, ...]
) -> Covered | None:
    """Return what is framed where a slice from `first` to `end` of `patch` raised."""
    trial = Trial(
        case="c",
        name="t",
        args=(np.zeros(shape), 2, True),
        names=("image", "size", "flag"),
    )
    of, first, end = patch
    raised = Raised(type="E", message="m", patch=Patch(of, first, end))
    outcome = Outcome(kind="raised", raised=raised)
    found = compare(trial, outcome, 1, Tolerance())
    declared = Picture(window=("image", "size"))
    changed = msgspec.structs.replace(exercise, picture=declared)
    return details(found, UNITS, exercise=changed).covered


@pytest.mark.parametrize(
    ("shape", "patch", "framed"),
    [
        ((6, 7), ((6, 7), (4, 5), (7, 8)), (4, 5, 3, 3)),
        ((3, 6, 7), ((3, 6, 7), (1, 4, 5), (2, 7, 8)), (4, 5, 3, 3)),
        ((7,), ((7,), (5,), (8,)), (0, 5, 1, 3)),
        ((6, 7), ((6, 6), (4, 5), (7, 8)), None),
        ((6, 7), ((6, 7), (-1, 5), (7, 8)), None),
        ((6, 7), ((6, 7), (4, 5), (4, 8)), None),
        ((6, 7), ((6, 7), (4, 5), (3, 8)), None),
        ((6, 7), ((6, 7), (6, 0), (7, 1)), None),
        ((6, 7), ((6, 7), (0, 7), (1, 8)), None),
        ((6, 7), ((6, 7), (0, 0), (10**9, 1)), None),
        ((), ((), (), ()), None),
    ],
)
def test_what_a_slice_asked_for_is_framed(
    exercise: Exercise,
    shape: tuple[int, ...],
    patch: tuple[tuple[int, ...], ...],
    framed: tuple[int, ...] | None,
) -> None:
    """If it is of the argument, and if some of it is there."""
    found = asked(exercise, shape, *patch)
    if framed is None:
        assert found is None
    else:
        assert found is not None
        assert (found.row, found.column, found.height, found.width) == framed
        assert (found.over, found.by) == ("image", "")


@pytest.mark.parametrize(
    ("over", "by", "stride", "framed"),
    [
        (np.zeros((6, 7)), 2, 2, (2, 4, 2, 2)),
        (np.zeros((6, 7)), np.int64(2), 1, (1, 2, 2, 2)),
        (np.zeros((6, 7)), True, 1, None),
        (np.zeros((6, 7)), -1, 1, None),
        (np.zeros((6, 7)), "2", 1, None),
        (np.zeros((6, 7)), None, 1, None),
        (3.0, 2, 1, None),
        (np.zeros((6, 7)), 2, 1.5, None),
    ],
)
def test_a_window_may_be_a_size(
    exercise: Exercise,
    over: Any,
    by: Any,
    stride: Any,
    framed: tuple[int, ...] | None,
) -> None:
    """A whole number is a square; what is none frames nothing."""
    trial = Trial(
        case="c",
        name="t",
        args=(over, by, stride),
        names=("image", "size", "stride"),
    )
    declared = Picture(window=("image", "size"), stride="stride")
    changed = msgspec.structs.replace(exercise, picture=declared)
    found = finding_of(*wrong_at((3, 3), 1, 2), trial)
    at = details(found, UNITS, exercise=changed).covered
    seen = None if at is None else (at.row, at.column, at.height, at.width)
    assert seen == framed


def test_a_changed_argument_is_named() -> None:
    """By its name, or by its place where it has none."""
    for names, said in ((("x",), "x"), ((), "argument 1")):
        outcome = Outcome(
            kind="returned", value=1, args_after=(4,), type_name="int"
        )
        found = compare(TRIAL, outcome, 1, Tolerance(), names)
        assert (found.verdict, found.argument) == ("modified_input", said)
