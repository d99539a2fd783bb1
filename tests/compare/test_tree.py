"""Values of every kind: what is the same answer, and which part is named where it is not."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare import compare
from grader.model import (
    Comparison,
    Finding,
    Outcome,
    Random,
    Tolerance,
    Trial,
    Unsent,
    Verdict,
)

TRIAL = Trial(case="c", name="t", args=())
SEED = Random("PCG64", "{}")


def found(
    value: Any,
    expected: Any,
    comparison: Comparison | None = None,
    others: Sequence[Any] = (),
) -> Finding:
    """Compare a returned value with what is expected."""
    outcome = Outcome(
        kind="returned", value=value, type_name=type(value).__name__
    )
    return compare(
        TRIAL,
        outcome,
        expected,
        Tolerance(),
        others=others,
        comparison=comparison or Comparison(),
    )


NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70),
    st.floats(width=32),
    st.complex_numbers(max_magnitude=1e6),
    st.booleans(),
)
LEAVES = st.one_of(
    NUMBERS,
    st.none(),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.just(SEED),
    st.lists(st.floats(width=32), min_size=1, max_size=5).map(np.array),
    st.integers(0, 5).map(lambda size: np.zeros((size, 2))),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=4),
    ),
    max_leaves=12,
)


def other_form(value: Any) -> Any:
    """Return the same answer in another form: scalars, 0-d arrays, another order of keys."""
    if type(value) in (bool, float, complex):
        return (
            np.array(value)
            if str(value)[-1:] in "13579"
            else np.array(value)[()]
        )
    if isinstance(value, list | tuple):
        return type(value)(map(other_form, value))
    if isinstance(value, dict):
        pairs = [(key, other_form(item)) for key, item in value.items()]
        return dict(reversed(pairs))
    return copy.deepcopy(value)


@given(VALUES)
def test_a_value_agrees_with_itself_in_any_of_its_forms(value: Any) -> None:
    """NaN equals NaN, a NumPy scalar and a 0-d array are numbers, and the order of keys is free."""
    assert found(value, value).verdict is Verdict.PASSED
    assert found(other_form(value), value).verdict is Verdict.PASSED


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to each leaf of a value."""
    if isinstance(value, list | tuple):
        inner = list(enumerate(value))
    elif isinstance(value, dict):
        inner = list(value.items())
    else:
        return [path]
    return [each for key, item in inner for each in places(item, (*path, key))]


def spoiled(value: Any, path: tuple[Any, ...]) -> Any:
    """Return the value with something that nothing is like in one place."""
    if not path:
        return Unsent("Strange")
    key, *rest = path
    items = dict(value) if isinstance(value, dict) else list(value)
    items[key] = spoiled(value[key], tuple(rest))
    return tuple(items) if isinstance(value, tuple) else items


@given(VALUES, st.data())
def test_a_change_of_any_one_leaf_is_found_and_its_place_named(
    value: Any, data: st.DataObject
) -> None:
    """The path leads to the leaf that was changed, with both values."""
    ways = places(value)
    if not ways:
        return
    path = data.draw(st.sampled_from(ways))
    finding = found(spoiled(value, path), value)
    assert finding.verdict is Verdict.WRONG_TYPE
    assert finding.part == path
    if path:
        assert finding.part_actual == Unsent("Strange")


@given(VALUES, VALUES)
def test_compare_is_total_and_passes_nothing_else(
    value: Any, expected: Any
) -> None:
    """Whatever meets whatever, there is a verdict; what passes one way has the same shape."""
    finding = found(value, expected)
    assert finding.verdict in {
        Verdict.PASSED,
        Verdict.WRONG_TYPE,
        Verdict.WRONG_SHAPE,
        Verdict.WRONG_VALUES,
    }
    if finding.verdict is Verdict.PASSED:
        assert len(places(value)) == len(places(expected))


@pytest.mark.parametrize(
    ("value", "expected", "verdict", "rung"),
    [
        (3, 3.0, Verdict.PASSED, None),
        (3.0, 3, Verdict.PASSED, None),
        (np.float32(0.1), 0.1, Verdict.PASSED, None),
        (100_001, 100_000, Verdict.WRONG_VALUES, "values"),
        (True, 1, Verdict.WRONG_TYPE, "dtype"),
        (1, True, Verdict.WRONG_TYPE, "dtype"),
        (np.True_, True, Verdict.PASSED, None),
        (1j, 1.0, Verdict.WRONG_TYPE, "dtype"),
        (float("nan"), 1.0, Verdict.WRONG_VALUES, "nan"),
        (float("inf"), 1.0, Verdict.WRONG_VALUES, "inf"),
        (10**400, 1.0, Verdict.WRONG_VALUES, "values"),
        (np.array([3.0]), 3.0, Verdict.WRONG_SHAPE, "shape"),
        ([3.0], 3.0, Verdict.WRONG_TYPE, "type"),
        ("3", 3, Verdict.WRONG_TYPE, "type"),
        ([1, 2], (1, 2), Verdict.WRONG_TYPE, "type"),
        ((1, 2), [1, 2], Verdict.WRONG_TYPE, "type"),
        ([1.0, 2.0], np.array([1.0, 2.0]), Verdict.WRONG_TYPE, "type"),
        ([1, 2], [1, 2, 3], Verdict.WRONG_SHAPE, "length"),
        ({"a": 1}, {"a": 1, "b": 2}, Verdict.WRONG_SHAPE, "keys"),
        ("the cat", "The cat", Verdict.WRONG_VALUES, "values"),
        (SEED, Random("PCG64", "{1}"), Verdict.WRONG_VALUES, "values"),
        (0, None, Verdict.WRONG_TYPE, "type"),
        (None, 0, Verdict.WRONG_TYPE, "type"),
        (b"a", "a", Verdict.WRONG_TYPE, "type"),
        (np.array([1j]), np.array([1.0]), Verdict.WRONG_TYPE, "dtype"),
        (np.array([1.0]), np.array([1j]), Verdict.WRONG_VALUES, "values"),
        (np.array([1]), np.array([True]), Verdict.WRONG_TYPE, "dtype"),
    ],
)
def test_what_counts_as_the_same_answer(
    value: Any, expected: Any, verdict: Verdict, rung: str | None
) -> None:
    """Forms of one number are alike; types that mean something else are told."""
    finding = found(value, expected)
    assert (finding.verdict, finding.rung) == (verdict, rung)


@pytest.mark.parametrize(
    ("choice", "value", "expected"),
    [
        (Comparison(lists=True), [1.0, 2.0], np.array([1.0, 2.0])),
        (Comparison(lists=True), (1, 2), np.array([1.0, 2.0])),
        (Comparison(lists=True), np.array([1, 2]), [1, 2]),
        (Comparison(booleans=True), True, 1),
        (Comparison(complex=True), 1 + 0j, 1),
        (Comparison(complex=True), np.complex64(1), 1.0),
        (Comparison(complex=True), np.array([1, 0j]), np.array([1, 0])),
        (
            Comparison(complex=True, lists=True),
            [1 + 0j, 2],
            np.array([1.0, 2.0]),
        ),
        (Comparison(booleans=True), np.array([True, False]), np.array([1, 0])),
    ],
)
def test_an_exercise_may_let_more_count(
    choice: Comparison, value: Any, expected: Any
) -> None:
    """Lists as arrays, and truth values as numbers, where the exercise says so."""
    assert found(value, expected).verdict is Verdict.WRONG_TYPE
    assert found(value, expected, choice).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1 + 1j, 1), (np.array([1, 1j]), np.array([1, 0])), (np.nan * 1j, 0)],
)
def test_an_imaginary_part_is_never_overlooked(
    value: Any, expected: Any
) -> None:
    """Where complex numbers count, only those do that are real ones."""
    finding = found(value, expected, Comparison(complex=True))
    assert finding.verdict is Verdict.WRONG_TYPE


@pytest.mark.parametrize(
    ("value", "expected"), [(3.0, 3), (np.array([3.0]), np.array([3]))]
)
def test_an_exercise_may_ask_for_whole_numbers(
    value: Any, expected: Any
) -> None:
    """3.0 is no whole number where `whole` is true, and one otherwise."""
    assert found(value, expected).verdict is Verdict.PASSED
    finding = found(value, expected, Comparison(whole=True))
    assert (finding.verdict, finding.rung) == (Verdict.WRONG_TYPE, "dtype")


def test_one_of_several_right_answers_is_right() -> None:
    """Any of them passes; what is wrong is told against the first."""
    assert found([1, 0], [0, 1], others=([1, 0],)).verdict is Verdict.PASSED
    finding = found([2, 0], [0, 1], others=([1, 0],))
    assert (finding.part, finding.part_expected) == ((0,), 0)


def deep(levels: int) -> Any:
    """Return a list in a list in a list."""
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "make",
    [
        lambda: deep(10_000),
        lambda: dict.fromkeys(range(1_000_000), 1),
        lambda: "a" * 10**8,
        lambda: ["a" * 10**7] + [""] * 10**6,
        lambda: [1] * 10**6,
    ],
)
@pytest.mark.parametrize(
    "expected", [1.0, "text", [1, 2], {"a": 1}, (np.zeros(3), 2.0), None]
)
def test_what_is_huge_or_deep_costs_no_more_than_what_was_expected(
    make: Callable[[], Any], expected: Any
) -> None:
    """There is a verdict, and no array of all that text."""
    value = make()
    assert found(value, expected).verdict is not Verdict.PASSED
    choice = Comparison(lists=True)
    assert found(value, expected, choice).verdict is not Verdict.PASSED
