"""Cases that a file of the author's draws, and trials that are run on functions of our own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cases import draw_cases
from grader.cases.replay import canonical, replay, replayed
from grader.cases.script import MOST_TRIALS, draw_script
from grader.errors import ExerciseError
from grader.exercise import find_solutions, load_exercise, load_solutions
from grader.model import (
    Call,
    CaseScript,
    Earlier,
    Exercise,
    Parameter,
    Script,
    Target,
    Tolerance,
    Trial,
    Unsent,
)
from grader.recording.randoms import random_of

PATH = Path(__file__)
F = Target(
    name="f",
    parameters=(
        Parameter(name="x"),
        Parameter(name="k", optional=True, default="1"),
    ),
)


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    """Return an exercise that asks for f(x, k=1)."""
    loaded = load_exercise("convolution")
    return msgspec.structs.replace(loaded, targets=(F,), function="f")


Draw = Callable[[Any, Any], Iterator[Any]]


def drawn(
    exercise: Exercise, *draws: Draw, digest: str = "d", secret: bytes = b"s"
) -> Any:
    """Draw these cases, each named as its function."""
    cases = tuple(
        CaseScript(
            name=draw.__name__,
            title="title",
            points=2.0,
            tolerance=Tolerance(atol=0.5),
            draw=draw,
        )
        for draw in draws
    )
    script = Script(path=PATH, cases=cases, few_inputs=())
    return draw_script(exercise, script, digest, secret)


def some(student: Any, rng: Any) -> Iterator[Any]:
    """Draw two trials."""
    yield student.f(rng.normal(size=(2, 3)))
    yield student.f(3, k=rng.integers(9))


def others(student: Any, rng: Any) -> Iterator[Any]:
    """Draw one trial."""
    yield student.f(rng.normal(size=2))


def test_each_yield_is_a_trial(exercise: Exercise) -> None:
    """A case has its points, its title and the shapes of its first trial."""
    (case,) = drawn(exercise, some)
    assert [trial.name for trial in case.trials] == ["trial 1", "trial 2"]
    assert (case.title, case.points, case.shapes) == (
        "title",
        2.0,
        {"x": (2, 3)},
    )
    assert case.tolerance == Tolerance(atol=0.5)
    first, second = case.trials
    assert first.args[0].shape == (2, 3)
    assert not first.args[0].flags.writeable
    assert second.names == ("x", "k")


def test_an_exercise_with_a_file_of_cases_draws_them_from_it(
    exercise: Exercise,
) -> None:
    """In place of the recipes, which such an exercise does not have."""
    case = CaseScript(
        name="some", title="title", points=1.0, tolerance=None, draw=some
    )
    script = Script(path=PATH, cases=(case,), few_inputs=())
    loaded = load_exercise("convolution")
    known = load_solutions(loaded, find_solutions(loaded))
    solutions = msgspec.structs.replace(known, script=script)
    (found,) = draw_cases(exercise, solutions, "d", b"s")
    assert found.name == "some"
    alike = drawn(exercise, some)[0].trials[0].args[0]
    assert np.array_equal(found.trials[0].args[0], alike)


def test_inputs_depend_on_secret_digest_and_case(exercise: Exercise) -> None:
    """The same gives the same, and each other thing gives other inputs."""

    def numbers(**more: Any) -> bytes:
        return bytes(
            drawn(exercise, some, **more)[0].trials[0].args[0].tobytes()
        )

    assert numbers() == numbers()
    assert len({numbers(), numbers(digest="e"), numbers(secret=b"t")}) == 3
    both = drawn(exercise, some, others)
    assert both[0].trials[0].args[0].tobytes() == numbers()


def raises(student: Any, rng: Any) -> Iterator[Any]:
    """Raise in the second trial."""
    yield student.f(rng.normal())
    raise ZeroDivisionError


def says(student: Any, rng: Any) -> Iterator[Any]:
    """Raise with a text."""
    yield student.f(rng.normal())
    raise ValueError("in\ntwo lines")


def leaves(student: Any, rng: Any) -> Iterator[Any]:
    """End the process."""
    yield student.f(rng.normal())
    raise SystemExit


def nothing(student: Any, rng: Any) -> Iterator[Any]:
    """Draw nothing."""
    del rng
    yield from ()
    student.f(1)


def unknown(student: Any, rng: Any) -> Iterator[Any]:
    """Call what the stub does not ask for."""
    del rng
    yield student.g(1)


def endless(student: Any, rng: Any) -> Iterator[Any]:
    """Draw without end."""
    del rng
    while True:
        yield student.f(1)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (raises, ": raises: ZeroDivisionError"),
        (says, ": says: ValueError: in two lines"),
        (leaves, ": leaves: SystemExit"),
        (
            nothing,
            ": nothing: yields nothing; `yield student...` ends each trial",
        ),
        (unknown, ": unknown: the stub asks for no g"),
        (endless, f": endless: more than {MOST_TRIALS} trials in one case"),
    ],
)
def test_a_case_that_cannot_be_drawn_is_named(
    exercise: Exercise, draw: Draw, said: str
) -> None:
    """The fault has the file, the line in it, the case and the reason, in one line."""
    with pytest.raises(ExerciseError) as caught:
        drawn(exercise, draw)
    (fault,) = caught.value.faults
    assert fault.startswith(f"cases/{PATH.name}")
    assert said in fault
    assert "\n" not in fault
    if draw in (raises, says, leaves, unknown):
        assert f"{PATH.name}, line " in fault


def test_all_cases_are_tried(exercise: Exercise) -> None:
    """One that cannot be drawn does not hide the next."""
    with pytest.raises(ExerciseError) as caught:
        drawn(exercise, raises, some, unknown)
    assert len(caught.value.faults) == 2


def interrupted(student: Any, rng: Any) -> Iterator[Any]:
    """Be interrupted."""
    yield student.f(rng.normal())
    raise KeyboardInterrupt


def test_ctrl_c_is_nobodys_fault(exercise: Exercise) -> None:
    """It ends what is going on."""
    with pytest.raises(KeyboardInterrupt):
        drawn(exercise, interrupted)


# ---- Replaying


class Counter:
    """What the reference makes."""

    def __init__(self, start: Any) -> None:
        self.total = start

    def add(self, number: Any, times: int = 1) -> Any:
        """Add a number some times."""
        self.total = self.total + number * times
        return self.total

    def fail(self) -> None:
        """Raise."""
        raise ValueError("on purpose")


NAMES = {
    "Counter": Counter,
    "f": lambda x, k=1: x * k,
    "spoils": lambda x: x.fill(7),
    "draws": lambda rng: rng.random(),
    "same": lambda value: value,
}


def trial_of(*calls: Call, result: Any) -> Trial:
    """Return a trial of these calls."""
    return Trial(case="c", name="t", args=(), calls=calls, result=result)


def test_a_plain_trial_calls_the_first_target() -> None:
    """With copies of its arguments: what the function does to them reaches nothing."""
    array = np.arange(3.0)
    trial = Trial(case="c", name="t", args=(array,))
    assert replay(trial, "f", NAMES).tolist() == [0.0, 1.0, 2.0]
    assert replay(trial, "spoils", NAMES) is None
    assert array.tolist() == [0.0, 1.0, 2.0]
    assert replayed(trial, "f", NAMES).value.tolist() == [0.0, 1.0, 2.0]


def test_calls_use_what_earlier_ones_gave() -> None:
    """Methods, attributes and results, and the template says what comes of it."""
    trial = trial_of(
        Call(name="Counter", args=(1,), is_sent=False),
        Call(name="add", args=(2,), kwargs={"times": 3}, on=0),
        Call(name="f", args=(Earlier(1),), kwargs={"k": 10}),
        Call(name="total", on=0, is_attribute=True),
        result={"all": [Earlier(1), (Earlier(2), Earlier(3))], "kept": 5},
    )
    assert replay(trial, "f", NAMES) == {"all": [7, (70, 7)], "kept": 5}


def test_a_call_that_raises_is_told_by_its_number() -> None:
    """Its exception is what comes of the trial."""
    trial = trial_of(
        Call(name="Counter", args=(1,), is_sent=False),
        Call(name="fail", on=0),
        result=Earlier(1),
    )
    done = replayed(trial, "f", NAMES)
    assert done.call == 1
    assert isinstance(done.raised, ValueError)
    with pytest.raises(ValueError, match="on purpose"):
        replay(trial, "f", NAMES)


def test_arguments_are_copied_and_generators_begin_anew() -> None:
    """Lists, tuples and dicts too; what an earlier call gave is passed as it is."""
    array = np.zeros(2)
    rng = random_of(np.random.default_rng(5))
    trial = trial_of(
        Call(name="spoils", args=(array,)),
        Call(name="same", args=([array, (array,), {"a": array}],)),
        Call(name="draws", args=(rng,)),
        Call(name="draws", args=(rng,)),
        result=(Earlier(1), Earlier(2), Earlier(3)),
    )
    kept, first, second = replay(trial, "f", NAMES)
    assert kept[0].tolist() == [0.0, 0.0]
    assert first == second == np.random.default_rng(5).random()
    assert array.tolist() == [0.0, 0.0]


def test_what_a_later_call_changes_was_sent_before() -> None:
    """A result is what it was when its call returned."""
    trial = trial_of(
        Call(name="same", args=([1, 2],)),
        Call(name="append", args=(3,), on=0),
        result=Earlier(0),
    )
    assert replay(trial, "f", NAMES) == [1, 2]


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.floats(allow_nan=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_what_crosses_the_wire_stays_what_it_is(value: Any) -> None:
    """Plain values arrive as copies that are equal."""
    assert canonical(value) == value


def test_what_no_value_can_be_arrives_as_its_type() -> None:
    """A set, and an array of objects."""
    assert canonical({1, 2}) == Unsent("set", None)
    found = canonical(np.array([None, {}], dtype=object))
    assert isinstance(found, Unsent)
    assert found.type_name == "ndarray"
