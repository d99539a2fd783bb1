"""Groups of unexplained answers: what belongs together, and what does not."""

import functools
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.classbook.behaviour import Behaviour, Given
from grader.classbook.unexplained import (
    Common,
    Tally,
    Unexplained,
    common_of,
    connected,
)
from grader.exercise import load_solutions
from grader.model import Exercise, Tolerance

HIDDEN = Path(__file__).parents[2] / "solutions" / "convolution"
TOLERANCE = Tolerance(rtol=1e-5, atol=1e-5)


@pytest.fixture(scope="module")
def common(exercise: Exercise) -> Common:
    """Return the common inputs of a class."""
    return common_of(exercise, load_solutions(exercise, HIDDEN), b"class")


def behaviour(results: Sequence[Any], code: str = "code") -> Behaviour:
    """Return what a submission did that returned these arrays, or raised these messages."""
    calls, numbers = [], []
    for result in results:
        if isinstance(result, str):
            calls.append(Given(result))
            continue
        calls.append(Given("ndarray", result.shape, counted=result.size))
        numbers.append(result.astype("<f8").ravel())
    packed = np.concatenate([np.empty(0), *numbers]).tobytes()
    return Behaviour(tuple(calls), zlib.compress(packed), code)


def groups(
    common: Common, given: dict[str, Behaviour]
) -> tuple[Unexplained, ...]:
    """Group these submissions."""
    tally = Tally()
    for name, each in given.items():
        tally.add(name, each)
    return tally.groups(lambda: common)


def test_answers_that_agree_are_a_group(common: Common) -> None:
    """Those that agree within the tolerance are together, the largest group first; one is none."""
    wrong = [array * 3 + 1 for array in common.expected]
    near = [array + 1e-7 for array in wrong]
    other = [array - 5 for array in common.expected]
    given = {
        "a": behaviour(other, "def a"),
        "b": behaviour(wrong, "def b: pass"),
        "c": behaviour(near, "def c"),
        "d": behaviour(wrong, "def d: much longer"),
        "e": behaviour(other, "def e"),
        "f": behaviour([array * 0 + 9 for array in common.expected]),
    }
    first, second = groups(common, given)
    assert (first.students, second.students) == (("b", "c", "d"), ("a", "e"))
    assert [each.code for each in first.codes] == ["def c", "def b: pass"]
    assert first.shown.case == "8x8"
    assert list(first.shown.inputs) == ["image", "kernel"]
    assert len(first.shown.given.splitlines()) == 6
    assert first.shown.expected != first.shown.given


def test_the_edges_of_rounding_separate_nobody() -> None:
    """Numbers on both sides of a rounding edge agree; a chain of neighbours is one group."""
    table = np.array([[1.000004999], [1.000005001], [7.0], [1.000012]])
    assert connected(table, TOLERANCE) == [[0, 1, 3], [2]]


@pytest.mark.parametrize("seed", range(3))
def test_groups_do_not_depend_on_the_order(seed: int) -> None:
    """Whatever the order of the rows, the same rows are together."""
    noise = np.random.default_rng(seed)
    centres = noise.normal(scale=100, size=(9, 60))
    rows = np.repeat(centres, 5, axis=0)
    rows = rows + noise.normal(scale=1e-7, size=rows.shape)
    order = noise.permutation(len(rows)).tolist()
    found = connected(rows[order], TOLERANCE)
    members = {frozenset(order[at] // 5 for at in group) for group in found}
    assert members == {frozenset({number}) for number in range(9)}
    assert sorted(map(len, found)) == [5] * 9


def test_one_number_that_differs_separates(common: Common) -> None:
    """Answers that differ in one cell of one trial are not a group, nor are other shapes."""
    wrong = [array + 1 for array in common.expected]
    one_off = [array.copy() for array in wrong]
    one_off[-1][2, 2] += 1
    flat = [array.ravel() for array in wrong]
    nan = [array * np.nan for array in wrong]
    infinite = [array * np.inf for array in wrong]
    all_ = (wrong, one_off, flat, nan, infinite)
    given = {str(at): behaviour(results) for at, results in enumerate(all_)}
    assert groups(common, given) == ()


def test_exceptions_are_grouped_by_type_and_message(common: Common) -> None:
    """The same exception on the same trials is a group, and it is told in its words."""
    same = ["ValueError: no"] * len(common.trials)
    given = {
        "a": behaviour(same),
        "b": behaviour(same),
        "c": behaviour(["ValueError: yes", *same[1:]]),
    }
    (group,) = groups(common, given)
    assert group.students == ("a", "b")
    assert group.shown.given == "ValueError: no"


def test_the_skeleton_holds_nothing_of_a_student(common: Common) -> None:
    """What is pasted into a trusted file is ours alone, and Python; it adds to what is there."""
    results = ["ValueError: SECRET"] * len(common.trials)
    given = {name: behaviour(results, "SECRET") for name in ("SECRETa", "b")}
    (group,) = groups(common, given)
    compile(group.skeleton, "skeleton", "exec")
    assert "SECRET" not in group.skeleton
    assert "ANSWERS += (unnamed_1,)" in group.skeleton
    bare = common._replace(has_answers=False)
    (group,) = groups(bare, given)
    assert "ANSWERS = (unnamed_1,)" in group.skeleton


def test_nothing_is_drawn_for_a_class_that_is_explained() -> None:
    """The common inputs are drawn only where there are two to compare."""
    tally = Tally()
    tally.add("a", behaviour(["ValueError: no"]))
    tally.add("b", None)
    never = functools.partial(pytest.fail, "drawn")
    assert tally.groups(never) == ()
    assert tally.alone(()) == 1
