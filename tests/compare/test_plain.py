"""Values as plain data: JSON carries it, and it is bounded, whatever the value is."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare.plain import CUT, SHOWN_CELLS, cell, cut, key_text, plain
from grader.model import Random, Unsent

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.binary(max_size=10),
    st.complex_numbers(),
    st.sampled_from(
        [
            np.float32(0.5),
            np.int8(-1),
            np.bool_(True),
            np.complex64(1j),
            np.arange(6).reshape(2, 3),
            np.array([np.nan, np.inf, -np.inf]),
            np.array([1 + 2j, -1j]),
            np.array(3.0),
            np.zeros((0, 3)),
            np.zeros(SHOWN_CELLS + 1),
            Random("PCG64", "{}"),
            Unsent("set", None),
        ]
    ),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4),
    ),
    max_leaves=20,
)


def size(written: Any) -> int:
    """Return how many leaves plain data has."""
    if isinstance(written, dict):
        return sum(map(size, written.values()))
    return sum(map(size, written)) if isinstance(written, list) else 1


@given(VALUES)
def test_any_value_is_json_of_bounded_size(value: Any) -> None:
    """There is no NaN, no infinity and nothing that JSON has not, and never more than is shown."""
    written = plain(value)
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    assert size(written) <= 2 * SHOWN_CELLS
    assert len(json.dumps(written)) < 100_000


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.text("ab", max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text("ab", max_size=3), inner, max_size=4)
        ),
        max_leaves=15,
    )
)
def test_what_json_has_stays_as_it_is(value: Any) -> None:
    """Numbers, text, lists and dicts that are small are written unchanged."""
    assert plain(value) == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (-float("inf"), "-inf"),
        (2**53, 2**53),
        (2**53 + 1, float(2**53)),
        (10**400, "inf"),
        (-(10**400), "-inf"),
        ((1, 2), [1, 2]),
        (np.float64(0.5), 0.5),
        (np.array(2.0), 2.0),
        (np.array([[1, 2]]), [[1.0, 2.0]]),
        (np.array([np.nan, -np.inf]), ["nan", "-inf"]),
        (np.array([True, False]), [1.0, 0.0]),
        (1 + 2j, "1+2j"),
        (np.array([1 + 2j, 0]), ["1+2j", "0j"]),
        (np.array([[1j]]), [["1j"]]),
        (b"ab", "b'ab'"),
        (Random("PCG64", "{}"), "a random generator"),
        (Unsent("set", None), "an object of type set"),
        (np.zeros((30, 20)), "an array of 30x20 (float64)"),
        (np.zeros((500,), complex), "an array of 500 (complex128)"),
        (np.array(["a"]), "an array of 1 (<U1)"),
        (np.array("a"), "an array of one value (<U1)"),
        ({1: "a", None: 2}, {"1": "a", "None": 2}),
        ({2**60: 1}, {"a large number": 1}),
        ({"k" * 80: 1}, {"k" * 57 + CUT: 1}),
    ],
    ids=lambda each: f"{each!r:.40}",
)
def test_each_kind_has_its_form(value: Any, written: Any) -> None:
    """NaN, infinities, complex numbers, bytes and what no value can be are text."""
    assert plain(value) == written


@pytest.mark.parametrize(
    "value",
    [
        "a" * 10**6,
        ["a" * 1500] * 10,
        {str(number): "a" * 1500 for number in range(10)},
        list(range(10**5)),
        dict.fromkeys(range(10**5), 0),
        [np.zeros(300), np.zeros(300), np.zeros(300)],
        [np.zeros(300, complex), np.zeros(300, complex)],
    ],
    ids=["text", "texts", "dict of texts", "list", "dict", "arrays", "complex"],
)
def test_what_is_too_long_is_cut_off(value: Any) -> None:
    """What is left out is said by three dots, or by the size of an array."""
    written = json.dumps(plain(value))
    assert CUT in written or "an array of 300" in written
    assert len(written) < 12_000


def test_what_is_too_deep_is_cut_off() -> None:
    """Lists in lists end after some levels."""
    value: Any = 1
    for _ in range(1000):
        value = [value]
    written = json.dumps(plain(value))
    assert written.strip("[]") == f'"{CUT}"'
    assert written.count("[") < 20


@given(st.floats())
def test_a_cell_is_its_number_or_its_name(number: float) -> None:
    """Reading it back gives the same number."""
    assert float(cell(number)) == number or math.isnan(number)


@given(st.text(), st.integers(3, 50))
def test_a_cut_text_is_a_beginning(text: str, limit: int) -> None:
    """It has at most so many characters, and what fits is not touched."""
    shown = cut(text, limit)
    assert len(shown) <= limit
    assert shown == text or text.startswith(shown.removesuffix(CUT))


@given(st.text() | st.integers() | st.none() | st.binary() | st.floats())
def test_a_key_is_a_short_text(key: object) -> None:
    """Whatever a key is, it is text of bounded length."""
    assert len(key_text(key)) <= 60 + len(CUT)
