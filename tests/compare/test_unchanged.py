"""Arguments that a call changed are told, to the last bit; and checks never change anything."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.compare import compare
from grader.compare.agreement import agree
from grader.compare.checks import (
    Checks,
    called_name,
    given_arguments,
    own_copy,
)
from grader.compare.scalars import same_number
from grader.compare.unchanged import changed_argument, same
from grader.errors import ExerciseError
from grader.model import (
    Call,
    Comparison,
    Earlier,
    Outcome,
    Parameter,
    Random,
    Target,
    Tolerance,
    Trial,
    Verdict,
)
from grader.recording.randoms import random_of

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=4),
    st.binary(max_size=4),
    hnp.arrays(st.sampled_from([np.float64, np.int8, np.bool_]), (2, 2)),
    st.sampled_from([np.float32("nan"), np.int64(3), np.float64(-0.0)]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_a_copy_is_the_same(value: Any) -> None:
    """NaN equals itself, and so does every value of every kind."""
    assert same(value, own_copy(value))
    assert changed_argument((value,), (own_copy(value),)) is None


@given(st.lists(VALUES, max_size=4))
def test_nothing_is_said_where_nothing_came_back(values: list[Any]) -> None:
    """A call that did not return has no arguments to look at."""
    assert changed_argument(values, None) is None


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (1, 1.0),
        (1, True),
        (0.0, -0.0),
        (1.0, 1.0000000001),
        ("a", b"a"),
        ([1], (1,)),
        ([1], [1, 2]),
        ([[1], 2], [[3], 2]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (np.zeros(2), [0.0, 0.0]),
        (np.zeros(2), np.zeros((2, 1))),
        (np.zeros(2), np.zeros(2, np.float32)),
        (np.zeros(1), np.float64(0)),
        (np.float64(0), 0.0),
        (np.array([0.0]), np.array([-0.0])),
        (None, 0),
    ],
    ids=str,
)
def test_every_change_is_a_change(was: Any, now: Any) -> None:
    """A value, a type, a shape, a dtype, an order, the sign of zero."""
    assert not same(was, now)
    assert changed_argument((7, was), (7, now)) == 1


def test_drawing_from_a_generator_is_no_change() -> None:
    """That is what it is for, whatever comes back in its place."""
    assert same(Random("PCG64", "{}"), Random("PCG64", "{1}"))


# ---- Checks

F = Target(
    name="f",
    parameters=(
        Parameter(name="x"),
        Parameter(name="k", optional=True, default="2"),
        Parameter(name="z", optional=True, default="np.pi"),
    ),
)


def two(answer: Any, x: Any, k: Any = 0, more: Any = "own") -> str | None:
    """Accept twice or k times x."""
    answer = np.asarray(answer)
    assert more == "own"
    right = bool((answer == k * x).all())
    x += 1  # a copy
    return None if right else f"{answer} is not {k} times that"


def checks(**functions: Any) -> Checks:
    """Return the checks of an exercise that asks for f."""
    return Checks(functions=functions, targets=(F,), arguments=("x",))


def judged(
    functions: Checks, trial: Trial, value: Any, expected: Any = 0
) -> Any:
    """Return the finding of a value that a trial gave."""
    outcome = Outcome(
        kind="returned",
        value=value,
        args_after=trial.args,
        type_name=type(value).__name__,
    )
    return compare(
        trial, outcome, expected, Tolerance(), ("x",), checks=functions
    )


PLAIN = Trial(case="c", name="t", args=(np.arange(3.0),), result=Earlier(0))


def test_a_check_judges_what_its_function_returned() -> None:
    """It gets arguments and defaults by name, and nothing that it does reaches the next one."""
    for _ in range(2):
        assert (
            judged(checks(f=two), PLAIN, 2 * np.arange(3.0)).verdict == "passed"
        )
    finding = judged(checks(f=two), PLAIN, np.arange(3.0))
    assert finding.rung == "check"
    assert finding.sentence == "[0. 1. 2.] is not 2 times that"
    assert PLAIN.args[0].tolist() == [0.0, 1.0, 2.0]


def test_a_check_of_a_case_judges_all_that_it_yielded() -> None:
    """A function named as a target is never one of a case."""
    calls = (
        Call(name="f", args=(2,), names=("x",)),
        Call(name="f", args=(3,), names=("x",), kwargs={"k": 5}),
    )
    trial = Trial(
        case="both",
        name="t",
        args=(2, 3, 5),
        names=("x", "x of f", "k"),
        calls=calls,
        result=(Earlier(0), Earlier(1)),
    )
    seen: list[Any] = []

    def both(answer: Any, expected: Any, k: Any) -> str | None:
        seen.append((answer, expected, k))
        return None

    assert judged(checks(both=both), trial, (1, 2), (3, 4)).verdict == "passed"
    assert seen == [((1, 2), (3, 4), 5)]
    assert checks(both=both).of_case(trial) is both
    named_f = Trial(case="f", name="t", args=())
    assert checks(f=two).of_case(named_f) is None
    # Without one of the case, each part is judged by the check of its call.
    assert judged(checks(f=two), trial, (4, 15), (0, 0)).verdict == "passed"
    finding = judged(checks(f=two), trial, (4, 6), (0, 0))
    assert finding.part == (1,)
    assert finding.sentence == "6 is not 5 times that"


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        (lambda: 1 / 0, "raised ZeroDivisionError"),
        (lambda: True, "gave True"),
        (lambda: "  ", "gave an empty text"),
    ],
)
def test_a_check_that_is_at_fault_is_ours(gives: Any, said: str) -> None:
    """The student is told nothing, and the author the file, the line and what it gave."""

    def check(_answer: Any) -> Any:
        return gives()

    finding = judged(checks(f=check), PLAIN, 1)
    assert finding.verdict is Verdict.GRADER_ERROR
    assert said in finding.sentence
    assert finding.sentence.startswith("check.py:")
    with pytest.raises(ExerciseError, match=said):
        checks().said(check, 1, {})


def test_parts_without_a_check_are_compared() -> None:
    """A dict and a list of results are judged part by part."""
    calls = (Call(name="g", args=()), Call(name="g", args=()))
    trial = Trial(
        case="c",
        name="t",
        args=(),
        calls=calls,
        result={"a": Earlier(0), "b": [Earlier(1), 7]},
    )
    right = {"a": 1, "b": [2, 7]}
    assert judged(checks(f=two), trial, right, right).verdict == "passed"
    finding = judged(checks(f=two), trial, {"a": 1, "b": [3, 7]}, right)
    assert finding.part == ("b", 0)
    assert judged(checks(f=two), trial, 3, right).rung == "type"


def test_what_was_called_has_a_name_if_it_is_a_function() -> None:
    """Methods and attributes of a result are no targets."""
    made = Call(name="f", args=(Earlier(0), 3), names=("x", "k"))
    method = Call(name="go", args=(), on=0)
    trial = Trial(case="c", name="t", args=(3,), calls=(made, method))
    assert called_name(trial, 0, (F,)) == "f"
    assert called_name(trial, 1, (F,)) is None
    assert called_name(PLAIN, 0, ()) is None
    assert given_arguments(trial, 0, (F,)) == {"k": 3}
    assert given_arguments(trial, 1, (F,)) == {}


def test_a_generator_is_copied_in_its_state() -> None:
    """Each check draws the same numbers from it."""
    made = random_of(np.random.default_rng(3))
    first = own_copy({"rng": [made]})["rng"][0].random()
    assert own_copy(made).random() == first


# ---- Agreement


@given(
    hnp.arrays(np.float64, 3, elements=st.floats()),
    hnp.arrays(np.float64, 3, elements=st.floats()),
    st.floats(0, 10),
)
def test_floats_agree_as_their_definition_says(
    left: Any, right: Any, atol: float
) -> None:
    """Within the tolerance; NaN with NaN, and an infinity with itself alone."""
    agreeing = agree(left, right, Tolerance(rtol=0.0, atol=atol))
    for one, other, found in zip(left, right, agreeing, strict=True):
        if np.isfinite(one) and np.isfinite(other):
            with np.errstate(over="ignore"):
                wanted = abs(one - other) <= atol
        else:
            wanted = one == other or (np.isnan(one) and np.isnan(other))
        assert bool(found) == bool(wanted)


COMPLEX = st.complex_numbers(allow_nan=True, allow_infinity=True)


@given(hnp.arrays(np.complex128, 3, elements=COMPLEX))
def test_complex_numbers_agree_with_themselves(values: Any) -> None:
    """Those that are not finite are compared part by part."""
    assert agree(values, values.copy(), Tolerance()).all()
    other = values.copy()
    other[0] = 0 if abs(values[0]) > 1 else 9
    assert not agree(other, values, Tolerance(rtol=0.0, atol=0.5))[0]


def test_whole_numbers_agree_by_value() -> None:
    """They have no rounding errors, unless the tolerance is one of whole numbers."""
    left, right = np.array([1, 2**62]), np.array([2, 2**62 + 1])
    assert not agree(left, right, Tolerance(rtol=1.0, atol=0.9)).any()
    assert agree(left, right, Tolerance(rtol=0.0, atol=1.0)).all()


@pytest.mark.parametrize("rung", ["nan", "inf"])
def test_one_number_that_is_none_has_its_own_rung(rung: str) -> None:
    """NaN and the infinities are told apart from other differences."""
    finding = judged_number(float(rung), 1.0)
    assert (finding.verdict, finding.rung) == ("wrong_values", rung)
    assert finding.max_error is None


def judged_number(value: Any, expected: Any) -> Any:
    """Return the finding of a number."""
    trial = Trial(case="c", name="t", args=())
    outcome = Outcome(
        kind="returned", value=value, args_after=(), type_name="float"
    )
    return compare(
        trial, outcome, expected, Tolerance(), comparison=Comparison()
    )


INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("value", "expected", "atol", "right"),
    [
        (5, 6, 1.0, True),
        (5, 7, 1.0, False),
        (5, 6, 0.5, False),
        (10**400, 10**400 + 1, 1.0, True),
        (10**400, 1.0, 1.0, False),
        (1 + 1j, 1 + 1.4j, 0.5, True),
        (1 + 1j, 1 + 1.6j, 0.5, False),
        (complex(INF, 1), complex(INF, 1.4), 0.5, True),
        (complex(INF, 1), complex(INF, 2), 0.5, False),
        (complex(NAN, 1), complex(NAN, 1), 0.5, True),
        (complex(INF, 1), complex(-INF, 1), 0.5, False),
        (1.0, 1 + 0.1j, 0.5, True),
        (NAN, NAN, 0.0, True),
        (NAN, 1.0, 9.0, False),
        (INF, -INF, 9.0, False),
        (INF, INF, 0.0, True),
    ],
)
def test_two_numbers_agree_within_the_tolerance(
    value: Any, expected: Any, atol: float, right: bool
) -> None:
    """Python's own numbers agree as those in arrays do, whatever their size."""
    assert same_number(value, expected, Tolerance(rtol=0.0, atol=atol)) is right
