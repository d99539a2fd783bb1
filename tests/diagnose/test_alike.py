"""When what came back is what a wrong answer gives."""

from typing import Any

import numpy as np
import pytest

from grader.diagnose.alike import alike
from grader.model import Unsent


def test_what_is_left_of_numbers_that_cancel_is_alike_to_nothing() -> None:
    """One way to compute gives 0, another 1.4e-17: it is the same mistake."""
    left = np.array([0.3 - 0.1 - 0.2])
    assert left.any()
    assert alike({"w": left, "b": 1.5}, {"w": np.zeros(1), "b": 1.5})


def test_small_numbers_are_not_all_alike() -> None:
    """What is larger than a rounding error counts, however small it is."""
    assert not alike(np.array([1e-6]), np.zeros(1))


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (3, np.array(3.0)),
        ([1.0, 2.0], np.array([1.0, 2.0])),
        (["a", 1.0], ["a", 1.0 + 1e-12]),
        (("a", None), ("a", None)),
        ({"a": "x", "b": [1.0]}, {"b": np.ones(1), "a": "x"}),
        (Unsent("set"), Unsent("set")),
        (Unsent("ndarray", "object"), Unsent("ndarray")),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
        (np.array([1j, np.nan]), np.array([1j + 1e-12, np.nan])),
    ],
)
def test_the_same_in_another_form_is_alike(given: Any, wrong: Any) -> None:
    """Numbers are alike in any form and within rounding, also inside lists and dicts."""
    assert alike(given, wrong)
    assert alike(wrong, given)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("1.0", 1.0),
        (None, 0.0),
        (None, ""),
        ("a", "b"),
        (["a"], ("a",)),
        (["a"], ["a", "b"]),
        (["a", 1.0], ["a", 2.0]),
        ({"a": "x"}, "x"),
        ({"a": "x"}, {"a": "y"}),
        ({"a": "x"}, {"b": "x"}),
        ({"a": "x"}, {"a": "x", "b": "y"}),
        (Unsent("set"), Unsent("map")),
        (Unsent("set"), "set"),
        (np.zeros(3), np.zeros((3, 1))),
        (np.array([np.nan]), np.zeros(1)),
        (np.array([np.inf]), np.array([-np.inf])),
        (np.array([1 + 1j]), np.array([1.0])),
    ],
)
def test_another_value_is_not_alike(given: Any, wrong: Any) -> None:
    """Another kind, length, key, shape or number is another answer: no mistake is seen in it."""
    assert not alike(given, wrong)
    assert not alike(wrong, given)
