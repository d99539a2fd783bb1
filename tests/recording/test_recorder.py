"""Calls are recorded and not run; replayed, they give what calling directly would have given."""

from collections.abc import Callable
from typing import Any

import hypothesis
import msgspec
import numpy as np
import pytest
from hypothesis import strategies as st

from grader.cases import replay, replayed
from grader.model import (
    Earlier,
    Method,
    Parameter,
    Random,
    Target,
    Trial,
    Unsent,
)
from grader.recording import (
    Recorder,
    RecordingError,
    generator_of,
    random_of,
    recorded_from_text,
)


def parameters(*names: str, optional: tuple[str, ...] = ()) -> Any:
    """Return parameters of these names, with a default for the optional ones."""
    return tuple(
        Parameter(name=name, optional=name in optional) for name in names
    )


TARGETS = (
    Target(
        name="Counter",
        is_class=True,
        parameters=parameters("start"),
        methods=(
            Method(
                name="add",
                parameters=parameters("by", "times", optional=("times",)),
            ),
            Method(name="items"),
        ),
    ),
    Target(
        name="total",
        parameters=parameters("values", "scale", optional=("scale",)),
    ),
    Target(name="use", parameters=parameters("counter", "by")),
)


class Counter:
    """What a student may write."""

    def __init__(self, start: float) -> None:
        self.now = start
        self.seen: list[float] = []

    def add(self, by: float, times: int = 1) -> float:
        """Count."""
        self.now += by * times
        self.seen.append(self.now)
        return self.now

    def items(self) -> list[float]:
        """Return its own list, which later calls change."""
        return self.seen


def total(values: Any, scale: float = 1.0) -> float:
    """Add numbers, and spoil the list."""
    result = float(np.sum(values)) * scale
    if isinstance(values, list):
        values.clear()
    return result


def use(counter: Counter, by: float) -> float:
    """Change an object that it is given."""
    return counter.add(by)


NAMES: dict[str, Any] = {"Counter": Counter, "total": total, "use": use}


def one_trial(ask: Callable[[Any], object]) -> Trial:
    """Record one trial."""
    recorder = Recorder(TARGETS)
    return recorder.trial("case", "trial 1", ask(recorder.student))


# ---- The law: what is replayed is what a direct call gives


_steps = st.one_of(
    st.tuples(st.just("add"), st.integers(-9, 9), st.integers(1, 3)),
    st.tuples(st.just("use"), st.integers(-9, 9), st.just(0)),
    st.tuples(st.just("read"), st.just(0), st.just(0)),
    st.tuples(st.just("yield"), st.just(0), st.just(0)),
)


def run(student: Any, steps: list[tuple[str, int, int]]) -> Any:
    """Yield what a program of calls gives, of the recorder's student or of real functions."""
    counter, other = student.Counter(1), student.Counter(start=100)
    for kind, by, times in steps:
        if kind == "add":
            last = counter.add(by, times=times)
        elif kind == "use":
            last = student.use(other, by)
        elif kind == "read":
            last = counter.now
        else:
            last = student.total([1.5, 2], scale=2.0)
            yield last, {"now": counter.now, "others": [other.add(1)]}


class Direct:
    """The functions themselves, where `student` would record."""

    Counter, total, use = Counter, staticmethod(total), staticmethod(use)


@hypothesis.given(st.lists(_steps, max_size=20))
def test_replaying_gives_what_calling_directly_gives(
    steps: list[tuple[str, int, int]],
) -> None:
    """Each trial starts afresh with all that its objects went through before."""
    steps = [*steps, ("yield", 0, 0)]
    recorder = Recorder(TARGETS)
    trials = [
        recorder.trial("case", f"{number}", result)
        for number, result in enumerate(run(recorder.student, steps))
    ]
    given = [replay(trial, "total", NAMES) for trial in trials]
    assert given == list(run(Direct, steps))


@hypothesis.given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.tuples(inner, inner)
            | st.dictionaries(st.text(), inner, max_size=3)
        ),
        max_leaves=10,
    )
)
def test_an_argument_arrives_as_it_was(value: Any) -> None:
    """Values of every kind come out of a recording equal, and of the same types."""
    recorder = Recorder(TARGETS)
    trial = recorder.trial("case", "1", recorder.student.total(value))
    got: list[Any] = []
    replay(trial, "total", {"total": got.append})
    assert got == [value]
    assert type(got[0]) is type(value)


# ---- What a trial holds


def test_arguments_are_copied_when_they_are_recorded() -> None:
    """What an author does to an array afterwards, or a call to its own copy, changes nothing."""
    array, numbers = np.arange(3.0), [1.0, 2.0]
    recorder = Recorder(TARGETS)
    asked = recorder.student.total(array), recorder.student.total(numbers)
    array[:], numbers[:] = 9, [7.0]
    trial = recorder.trial("case", "1", asked)
    for _ in range(2):
        assert replay(trial, "total", NAMES) == (3.0, 3.0)
    assert not trial.args[0].flags.writeable


def test_a_trial_leaves_out_what_its_objects_have_nothing_to_do_with() -> None:
    """Earlier calls on other objects, and earlier reads, are not made again."""
    recorder = Recorder(TARGETS)
    student = recorder.student
    one, two = student.Counter(0), student.Counter(10)
    one.add(1)
    two.add(1)
    recorder.trial("case", "1", (one.now, two.now))
    trial = recorder.trial("case", "2", one.add(1))
    assert [call.name for call in trial.calls] == ["Counter", "add", "add"]
    assert replay(trial, "total", NAMES) == 2


def test_what_is_used_later_is_kept_and_what_is_yielded_is_sent() -> None:
    """So a worker keeps no object for nothing, and sends nothing that is not compared."""

    def ask(student: Any) -> object:
        counter = student.Counter(0)
        counter.add(1)
        return {"result": counter.now}

    trial = one_trial(ask)
    facts = [(call.name, call.is_kept, call.is_sent) for call in trial.calls]
    assert facts == [
        ("Counter", True, False),
        ("add", False, False),
        ("now", False, True),
    ]
    assert trial.result == {"result": Earlier(2)}


def test_every_argument_has_a_name_of_its_own() -> None:
    """A name alone where one call has it; else with the call's; numbered if that is not enough."""

    def ask(student: Any) -> object:
        counter = student.Counter(3)
        return counter.add(1), counter.add(2, times=2), student.use(counter, 5)

    trial = one_trial(ask)
    assert trial.names == (
        "start",
        "add.by",
        "add.by 2",
        "times",
        "counter",
        "use.by",
    )
    assert trial.args == (3, 1, 2, 2, Earlier(0), 5)


def test_a_result_is_taken_when_its_call_returns() -> None:
    """As a worker sends it: what later calls do to a list that was returned is not seen."""

    def ask(student: Any) -> object:
        counter = student.Counter(0)
        before = counter.items()
        return before, counter.add(1), counter.items()

    assert replay(one_trial(ask), "total", NAMES) == ([], 1, [1])


def test_a_generator_travels_as_its_state() -> None:
    """Each replay draws the same, and the author's own generator is left alone."""
    rng = np.random.Generator(np.random.PCG64(3))
    trial = one_trial(lambda student: student.total(rng))
    assert isinstance(trial.args[0], Random)
    names = {"total": lambda rng: rng.random()}
    first = replay(trial, "total", names)
    assert first == replay(trial, "total", names) == rng.random()


@pytest.mark.parametrize(
    "kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"]
)
def test_every_bit_generator_comes_back(kind: str) -> None:
    """A record of a generator makes one that goes on where that one was."""
    rng = np.random.Generator(getattr(np.random, kind)(5))
    rng.random(3)
    again = generator_of(random_of(rng))
    assert again.random(4).tolist() == rng.random(4).tolist()


def test_an_exception_says_which_call_it_was() -> None:
    """The calls before it have returned; the trial ends there."""

    def ask(student: Any) -> object:
        counter = student.Counter(0)
        return counter.add(1), counter.add("one"), counter.now

    done = replayed(one_trial(ask), "total", NAMES)
    assert (type(done.raised), done.call) == (TypeError, 2)
    with pytest.raises(TypeError):
        replay(one_trial(ask), "total", NAMES)


def test_what_no_value_can_be_is_unsent() -> None:
    """An object, a set or a function in a result is named by its type."""

    def ask(student: Any) -> object:
        return student.Counter(0), student.total(1)

    names = {**NAMES, "total": lambda values: {values}}
    assert replay(one_trial(ask), "total", names) == (
        Unsent("Counter"),
        Unsent("set"),
    )


# ---- What cannot be recorded


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda s: s.totl([1]), "no totl; did you mean total?"),
        (lambda s: s.total(), "total also needs values"),
        (lambda s: s.total(1, 2, 3), "total takes 2 by position, and gets 3"),
        (
            lambda s: s.total(1, scal=2),
            "no parameter scal; did you mean scale?",
        ),
        (lambda s: s.total(1, values=2), "total gets values twice"),
        (lambda s: s.total({1, 2}), "a set cannot be sent"),
        (lambda s: s.total(np.array(["a"])), "an array of <U1 cannot be sent"),
        (lambda s: s.total({(1, 2): 3}), "a key of a dict is a tuple"),
        (lambda s: s.total(1) + 1, "the result of total is used (__add__)"),
        (lambda s: np.sum(s.total(1)), "the result of total is used"),
        (lambda s: list(s.total(1)), "the result of total is used (__iter__)"),
        (lambda s: s.total(1) == 1, "the result of total is used (__eq__)"),
        (lambda s: s.total(1).shape, "the result of total is used (.shape)"),
        (lambda s: s.Counter(1).ad(2), "ad is not a function or a method"),
        (lambda s: s.Counter(1).add(by=1, tims=2), "did you mean times?"),
        (lambda _: 3, "has no result of student in it"),
        (lambda s: [s.total(1), object()], "a object cannot be sent"),
    ],
)
def test_a_wrong_call_is_one_line(
    ask: Callable[[Any], object], said: str
) -> None:
    """The line says what is wrong and, where it can, what was meant."""
    with pytest.raises(RecordingError) as caught:
        one_trial(ask)
    assert said in str(caught.value)


def test_an_attribute_of_an_object_cannot_be_set() -> None:
    """Nothing would come of it."""

    def ask(student: Any) -> object:
        counter = student.Counter(1)
        counter.now = 3
        return counter.now

    with pytest.raises(RecordingError, match="cannot be set"):
        one_trial(ask)


def test_a_result_of_another_case_is_refused() -> None:
    """Each case is recorded by itself."""
    other = Recorder(TARGETS).student.Counter(1)
    with pytest.raises(RecordingError, match="of another case"):
        one_trial(lambda student: student.use(other, 1))


# ---- Calls that are written as text


def test_lines_of_text_are_calls() -> None:
    """Names of results and of inputs, literals, attributes and tuples."""
    lines = [
        "counter = Counter(first)",
        "counter.add(2, times=3)",
        "(counter.now, {'again': counter.add(first)}, [total(values)])",
    ]
    inputs = {"first": 4, "values": np.ones(2)}
    trial = recorded_from_text("case", "example", lines, inputs, TARGETS)
    assert replay(trial, "total", NAMES) == (10, {"again": 14}, [2.0])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("total(", "is not a line of Python"),
        ("total(values); total(values)", "write one call"),
        ("import os", "write `NAME = call`, or a call"),
        ("total(valus)", "there is no valus; did you mean values?"),
        ("totl(values)", "no totl; did you mean total?"),
        ("total(*values)", "*values is not a call, a name or a literal"),
        ("total(**values)", "without **"),
        ("total(values)()", "cannot be called"),
        ("values.shape", "values is not a result of a call"),
        ("total(values + 1)", "is not a call, a name or a literal"),
        ("total(__import__('os'))", "__import__ cannot be used here"),
        ("total(1)", "values: is not used by any call"),
        ("total(" + "(" * 5000, "is not a line of Python"),
        ("total(values, {[]: 1})", "cannot be used here"),
    ],
)
def test_a_wrong_line_says_why(line: str, said: str) -> None:
    """Nothing of the text is run."""
    with pytest.raises(RecordingError) as caught:
        recorded_from_text("case", "1", [line], {"values": 1}, TARGETS)
    assert said in str(caught.value)


def test_a_trial_is_plain_data() -> None:
    """Calls are records: nothing of the recorder stays in them."""
    trial = one_trial(lambda student: student.total([1, {"a": (2,)}]))
    assert isinstance(trial, msgspec.Struct)
    assert trial.calls[0].args == ([1, {"a": (2,)}],)
