"""Which combinations of misconceptions stand in `hints.npz` for a result that several give."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.diagnose.precompute import Answer
from grader.diagnose.public import MOST

RESULTS = [np.zeros(2)]


def step(name: str) -> Callable[..., Any]:
    """Return a wrong alternative of this name."""

    def wrong(*_: Any) -> None:
        raise NotImplementedError

    wrong.__name__ = name
    return wrong


def answer(*combinations: str) -> Answer:
    """Return what is noted of combinations that give the same; blanks stand between parts."""
    found = Answer()
    for names in combinations:
        found.add(tuple(map(step, names.split())), RESULTS)
    return found


@pytest.mark.parametrize(
    ("combinations", "kept"),
    [
        (["a"], True),
        (["a__x"], True),
        (["a__x b"], True),
        (["a__x b__y"], True),
        (["a b c"], True),
        (["a__x b c"], False),
        (["a__x b c", "a b c"], True),
        (["a b c", "a__x b c"], True),
        (["a__x b c", "a b__y c"], False),
        (["a b c", "a b d"], False),
        (["a b", "a c"], False),
        (["a b", "b a"], True),
        (["a b", "a c", "d"], True),
        (["a b c", "d__x e f"], False),
        (["a b c", "d__x"], True),
        (["d__x", "a b c"], True),
        (["a", "b c"], True),
    ],
)
def test_the_smallest_set_is_kept_if_there_is_one(
    combinations: list[str], kept: bool
) -> None:
    """Of three it is kept where a combination without variants gives it, as it is in practice."""
    assert MOST == 3
    assert answer(*combinations).kept is kept


def test_small_sets_come_first() -> None:
    """By the numbers of their misconceptions, in the order of the catalogue."""
    names = ["c", "a", "b"]
    found = answer("a b c", "b c")
    assert found.numbers(names) == [0, 2]
    assert found.order(names) == (2, [0, 2])
    assert found.results is RESULTS
    larger = Answer()
    larger.add((step("a"),), RESULTS)
    larger.add((step("a"), step("b")), [np.ones(2)])
    assert larger.results is RESULTS
