"""Several calls that belong together, and all that an exercise may ask for."""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.confined.values import state_of
from grader.errors import GraderError
from grader.execution import Confinement, Runner, open_runner
from grader.model import (
    Call,
    Case,
    Earlier,
    Execution,
    Exercise,
    Outcome,
    Parameter,
    Random,
    Submission,
    Target,
    Trial,
    Unit,
    Unsent,
    Value,
)
from tests.execution.conftest import exercise_with, submission

LAYER = """
import numpy as np

class Layer:
    made = 0
    def __init__(self, weights, bias=0.0):
        Layer.made += 1
        self.weights, self.bias = weights, bias
    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias
    def add_to(self, x):
        x += 1
        self.weights *= 2

def function(value, *more, scale=1, **others):
    return value

def same(value):
    return value
"""
TARGETS = (
    Target(name="function", parameters=(Parameter(name="value"),)),
    Target(
        name="Layer", is_class=True, parameters=(Parameter(name="weights"),)
    ),
)


FIRST = Earlier(0)


def exercise(*targets: Target, **changes: Any) -> Exercise:
    """Make an exercise that asks for these, or for a function and a class."""
    wanted = targets or TARGETS
    first = wanted[0]
    return msgspec.structs.replace(
        exercise_with(),
        function=first.name,
        arguments=tuple(each.name for each in first.parameters),
        targets=wanted,
        **changes,
    )


@pytest.fixture(scope="module", params=["full", "fresh"])
def ours(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """Open a runner for the exercise with a function and a class."""
    confinement = Confinement(fork_server=request.param == "full")
    limits = exercise_with(load_s=20.0, call_s=20.0, total_s=60.0).limits
    with open_runner(
        exercise(limits=limits), confinement=confinement
    ) as runner:
        yield runner


def trial(*calls: Call, result: Value = FIRST) -> Trial:
    """Make a trial; `args` are those of all calls, as a recording has them."""
    args = [
        value for call in calls for value in (*call.args, *call.kwargs.values())
    ]
    return Trial(
        case="c", name="t", args=tuple(args), calls=calls, result=result
    )


def run(runner: Runner, source: str, *trials: Trial) -> Execution:
    """Run trials on a file, all of one case."""
    case = Case(name="c", title="", points=1.0, shapes={}, trials=trials)
    return runner.run(submission(source), (case,))


def plain(*args: Value) -> Trial:
    """Make a trial of one plain call."""
    return Trial(case="c", name="t", args=args)


def layer(*args: Value, **kwargs: Value) -> Call:
    """Make a call of the class, whose instance stays with the worker."""
    return Call(
        name="Layer", args=args, kwargs=kwargs, is_kept=True, is_sent=False
    )


A = np.arange(6.0).reshape(3, 2)
X = np.ones((4, 3))


def test_calls_work_on_the_object_that_an_earlier_one_made(
    ours: Runner,
) -> None:
    """A class, its method, an attribute: what was asked for comes back in its place."""
    asked = trial(
        layer(A, bias=0.5),
        Call(name="forward", on=0, args=(X,)),
        Call(name="weights", on=0, is_attribute=True),
        Call(name="bias", on=0, is_attribute=True),
        result=(Earlier(1), {"w": [Earlier(2)], "b": Earlier(3)}, 7),
    )
    (outcome,) = run(ours, LAYER, asked).outcomes
    assert (outcome.kind, outcome.type_name) == ("returned", "tuple")
    assert np.array_equal(outcome.value[0], X @ A + 0.5)
    assert np.array_equal(outcome.value[1]["w"][0], A)
    assert outcome.value[1]["b"] == 0.5
    assert outcome.value[2] == 7
    assert outcome.args_after is None


def test_what_no_value_can_be_stands_for_itself(ours: Runner) -> None:
    """An instance inside a result is named; as the whole result it is what objects are."""
    call = layer(1.0)
    sent = msgspec.structs.replace(call, is_sent=True)
    inside, whole = run(
        ours,
        LAYER,
        trial(sent, result=[Earlier(0), None]),
        trial(sent),
    ).outcomes
    assert inside.value == [Unsent("Layer"), None]
    assert (whole.kind, whole.value, whole.type_name) == (
        "returned",
        None,
        "Layer",
    )


def test_a_result_can_be_used_and_sent(ours: Runner) -> None:
    """An earlier result is the object itself: a later call sees what happened to it."""
    both = Call(name="function", args=([1],), is_kept=True)
    again = Call(
        name="function", args=(Earlier(0),), kwargs={"others": [Earlier(0)]}
    )
    (outcome,) = run(
        ours, LAYER, trial(both, again, result=(Earlier(0), Earlier(1)))
    ).outcomes
    assert outcome.value == ([1], [1])


def test_each_trial_starts_afresh(ours: Runner) -> None:
    """What a trial has kept is gone in the next one, and the module's own state is not."""
    source = LAYER.replace(
        "def function(value, *more, scale=1, **others):\n    return value",
        "import gc\n"
        "def function(value):\n"
        "    gc.collect()\n"
        "    return [type(each).__name__ for each in gc.get_objects()].count('Layer')",
    )
    kept, count = layer(A), Call(name="function", args=(0,))
    counts = [
        outcome.value
        for outcome in run(
            ours,
            source,
            trial(kept, kept, count, result=Earlier(2)),
            trial(count),
            trial(kept, count, result=Earlier(1)),
            plain(0),
        ).outcomes
    ]
    assert counts == [2, 0, 1, 0]


def test_the_first_call_that_does_not_return_is_the_outcome(
    ours: Runner,
) -> None:
    """It says which call it was, and the calls after it are not made."""
    source = LAYER + "    \ndef later(x): raise ValueError(x)\n"
    missing = Call(name="backward", on=0, args=(1,))
    method, function, arguments = run(
        ours,
        source,
        trial(layer(A), missing, missing, result=Earlier(2)),
        trial(layer(A), Call(name="Missing", args=(1,)), result=Earlier(1)),
        trial(Call(name="Layer", is_sent=False), layer(A)),
    ).outcomes
    for outcome, call, kind, message in (
        (
            method,
            1,
            "AttributeError",
            "'Layer' object has no attribute 'backward'",
        ),
        (function, 1, "NameError", "name 'Missing' is not defined"),
        (arguments, 0, "TypeError", None),
    ):
        assert (outcome.kind, outcome.call) == ("raised", call)
        assert outcome.raised is not None
        assert outcome.raised.type == kind
        assert message in {None, outcome.raised.message}


def test_a_call_that_hangs_costs_the_rest_of_its_trial() -> None:
    """The limit of a call is that of one call, and the durations of all are one sum."""
    source = (
        LAYER + "    def wait(self): import time; time.sleep(self.weights)\n"
    )
    source = source.replace("def same", "def unused").replace(
        "    def wait", "class Other(Layer):\n    def wait"
    )
    source += "Layer = Other\n"
    wait = Call(name="wait", on=0, is_sent=False)
    with open_runner(
        exercise(limits=exercise_with(call_s=3.0).limits)
    ) as runner:
        slow, hung = run(
            runner,
            source,
            trial(layer(1.2), wait, wait, wait, result=None),
            trial(layer(99.0), wait, wait, result=None),
        ).outcomes
    assert slow.kind == "returned"
    assert slow.duration_s > 3.0
    assert (hung.kind, hung.call, hung.limit_s) == ("timed_out", 1, 3.0)


def test_the_calls_of_a_trial_share_the_time_for_all_calls() -> None:
    """A trial of a thousand calls has no thousand limits."""
    source = "import time\ndef function(value): time.sleep(0.8)\n"
    calls = [Call(name="function", args=(0,))] * 9
    limits = exercise_with(call_s=3.0, total_s=3.0).limits
    with open_runner(exercise(limits=limits)) as runner:
        (outcome,) = run(runner, source, trial(*calls)).outcomes
    assert (outcome.kind, outcome.limit_s) == ("timed_out", 3.0)
    assert 1 <= outcome.call <= 3


def test_arguments_that_were_changed_come_back(ours: Runner) -> None:
    """All arguments of all calls, in their order, if a call has changed one of its own."""
    generator = Random(*state_of(np.random.default_rng(1)))
    calls = (
        layer(A),
        Call(name="add_to", on=0, args=(X,), is_sent=False),
        Call(
            name="function",
            args=([1, 2], Earlier(0)),
            kwargs={"scale": generator},
        ),
    )
    (outcome,) = run(ours, LAYER, trial(*calls, result=Earlier(2))).outcomes
    assert outcome.args_after is not None
    weights, x, numbers, earlier, own = outcome.args_after
    assert np.array_equal(weights, A)
    assert np.array_equal(x, X + 1)
    assert (numbers, earlier, own) == ([1, 2], Earlier(0), generator)


@pytest.mark.parametrize(
    ("value", "change", "after"),
    [
        ([1, 2], "value.append(3)", [1, 2, 3]),
        ([[1], 2], "value[0][0] = 5", [[5], 2]),
        (([1], 2), "value[0].pop()", ([], 2)),
        ({"a": 1}, "value['b'] = 2", {"a": 1, "b": 2}),
        ({"a": 1}, "value['a'] = 1.0", {"a": 1.0}),
        ({"a": np.zeros(2)}, "value['a'][0] = 1", {"a": np.array([1.0, 0])}),
        ([1.5], "value[0] = value", Unsent("list")),
        ([1.5], "value[0] = {1}", [Unsent("set")]),
        (np.zeros(2), "value[0] = 1", np.array([1.0, 0])),
        (np.zeros(2), "value.shape = (2, 1)", np.zeros((2, 1))),
        ([1, 2], "value.append(3); value.pop()", None),
        (2.5, "value = 3", None),
        ("text", "value += 'x'", None),
        (np.float32(1), "value += 1", None),
        (np.array(5.0), "value = value + 1", None),
    ],
    ids=str,
)
def test_a_changed_argument_of_any_kind_is_noticed(
    ours: Runner, value: Value, change: str, after: Value
) -> None:
    """Lists and dicts too, at any depth; what cannot change is never said to have."""
    (outcome,) = run(
        ours, f"def function(value):\n    {change}\n", plain(value)
    ).outcomes
    assert outcome.kind == "returned"
    if after is None:
        assert outcome.args_after is None
    else:
        assert outcome.args_after is not None
        assert repr(outcome.args_after) == repr((after,))


def test_a_generator_may_be_used_up(ours: Runner) -> None:
    """Drawing from it is no change of an argument, and each call gets it as it was."""
    generator = Random(*state_of(np.random.default_rng(5)))
    source = "def function(value): return value.random(3)\n"
    first, second = run(
        ours, source, plain(generator), plain(generator)
    ).outcomes
    drawn = np.random.default_rng(5).random(3)
    for outcome in (first, second):
        assert outcome.args_after is None
        assert np.array_equal(outcome.value, drawn)


def test_an_argument_that_cannot_be_sent_is_our_fault(ours: Runner) -> None:
    """It is no verdict, and it says why."""
    (outcome,) = run(ours, LAYER, plain({1, 2})).outcomes
    assert outcome.kind == "grader_error"
    reason = "an argument cannot be sent: a value of type set cannot be sent"
    assert outcome.reason == reason


def test_results_that_are_large_together_are_refused() -> None:
    """A trial of many calls cannot fill the grader's memory."""
    source = (
        "import numpy as np\ndef function(value): return np.ones((512, 1024))\n"
    )
    calls = [Call(name="function", args=(0,))] * 20
    limits = exercise_with(call_s=20.0, total_s=60.0).limits
    with open_runner(exercise(limits=limits)) as runner:
        (outcome,) = run(runner, source, trial(*calls)).outcomes
    assert (outcome.kind, outcome.call) == ("invalid_output", 8)
    reason = "the results of one trial are more than 33 MB together"
    assert outcome.reason == reason


def test_a_notebook_answers_the_same_calls() -> None:
    """Its kernel keeps objects too, and has what is given."""
    cells = (Unit(LAYER, 1), Unit("def helper(): return 'own'", 2))
    notebook = Submission(
        name="n.ipynb", kind="notebook", digest="", units=cells
    )
    asked = trial(
        layer(A), Call(name="forward", on=0, args=(X,)), result=[Earlier(1)]
    )
    case = Case(name="c", title="", points=1.0, shapes={}, trials=(asked,))
    limits = exercise_with(load_s=20.0, call_s=20.0).limits
    with open_runner(exercise(limits=limits)) as runner:
        (outcome,) = runner.run(notebook, (case,)).outcomes
    assert outcome.kind == "returned"
    assert np.array_equal(outcome.value[0], X @ A)


# ---- What is asked for


def loading(source: str, *targets: Target, **changes: Any) -> Any:
    """Load a file for an exercise that asks for these."""
    with open_runner(exercise(*targets, **changes)) as runner:
        return run(runner, source).loading


F, G = (
    Target(name=name, parameters=(Parameter(name="value"),)) for name in "fg"
)
CLASS = TARGETS[1]


@pytest.mark.parametrize(
    ("source", "targets", "state", "target"),
    [
        ("def f(a): pass\ndef g(a): pass", (F, G), "ready", "f"),
        ("def g(a): pass", (F, G), "ready", "g"),
        ("g = 3\ndef f(a): pass", (F, G), "ready", "f"),
        ("h = 3", (F, G), "no_function", "f"),
        ("f = 3", (F, G), "not_callable", "f"),
        ("def f(): pass", (F, G), "bad_signature", "f"),
        ("def f(a): pass\nfrom math import sin as g", (F, G), "foreign", "g"),
        ("from math import sin as g", (F, G), "foreign", "g"),
        ("class Layer:\n    def __init__(self, w): pass", (CLASS,), "ready", "Layer"),
        ("class Layer:\n    def __init__(self): pass", (CLASS,), "bad_signature", "Layer"),
        ("class Layer: pass", (CLASS,), "bad_signature", "Layer"),
        ("def Layer(w, b=1): pass", (CLASS,), "ready", "Layer"),
        ("Layer = 3", (CLASS,), "not_callable", "Layer"),
        ("from fractions import Fraction as Layer", (CLASS,), "foreign", "Layer"),
        ("from numpy import ndarray as Layer", (CLASS,), "foreign", "Layer"),
        (
            "from fractions import Fraction\nclass Layer(Fraction): pass",
            (CLASS,),
            "ready",
            "Layer",
        ),
        (
            "from dataclasses import dataclass\n@dataclass\nclass Layer:\n    w: float",
            (CLASS,),
            "ready",
            "Layer",
        ),
        (
            "from collections import namedtuple\nLayer = namedtuple('Layer', 'w')",
            (CLASS,),
            "ready",
            "Layer",
        ),
        ("class f:\n    def __init__(self, w): pass", (F,), "not_callable", "f"),
    ],
)  # fmt: skip
def test_a_submission_is_ready_if_one_thing_can_be_called(
    source: str, targets: tuple[Target, ...], state: str, target: str
) -> None:
    """Nothing may come from a library; otherwise one of them is enough, and the first is told."""
    found = loading(source, *targets)
    assert (found.state, found.target) == (state, target)


def test_a_definition_whose_name_was_taken_later_is_found_again() -> None:
    """The last class of that name counts, as the last function does."""
    source = "class Layer:\n    def __init__(self, w): pass\nLayer = Layer(1)\n"
    found = loading(source, CLASS)
    assert (found.state, found.replaced) == ("ready", True)


def test_a_parameter_may_have_to_be_given_by_name() -> None:
    """It is asked for by its name, wherever it stands."""
    by_name = Parameter(name="axis", by_name_only=True)
    target = Target(name="f", parameters=(Parameter(name="x"), by_name))
    for source, state in (
        ("def f(x, *, axis): pass", "ready"),
        ("def f(x, axis): pass", "ready"),
        ("def f(x, **others): pass", "ready"),
        ("def f(x, *, axes): pass", "bad_signature"),
        ("def f(x, y): pass", "bad_signature"),
    ):
        assert loading(source, target).state == state


def outcomes_with_given(kind: str) -> tuple[Outcome, ...]:
    """Run a submission that has its own idea of what is given."""
    given = "import math\ndef helper(x):\n    return math.floor(x) + 100\n"
    source = "def helper(x): return 0\nmath = None\ndef function(value): return helper(value)\n"
    unit = Unit(source, 1 if kind == "notebook" else None)
    handed_in = Submission(name="s", kind=kind, digest="", units=(unit,))  # type: ignore[arg-type]
    case = Case(name="c", title="", points=1.0, shapes={}, trials=(plain(1.5),))
    with open_runner(exercise(given=given)) as runner:
        execution = runner.run(handed_in, (case,))
    assert execution.loading.skipped == ()
    assert execution.loading.functions == ("helper", "function")
    return execution.outcomes


@pytest.mark.parametrize("kind", ["python", "notebook"])
def test_what_is_given_is_put_back(kind: str) -> None:
    """A helper of the exercise is as it was given, whatever the submission has made of it."""
    (outcome,) = outcomes_with_given(kind)
    assert outcome.value == 101


def test_what_is_given_and_fails_is_not_told() -> None:
    """It is not the student's."""
    found = loading("def function(value): pass", given="1 / 0\n")
    assert (found.state, found.skipped) == ("ready", ())


def test_a_worker_cannot_invent_a_target() -> None:
    """The name comes from the exercise, or there is none."""
    source = """
import sys
def function(value): pass
frame = sys._getframe()
while frame.f_code.co_name != "answer_all":
    frame = frame.f_back
frames = frame.f_globals["frames"]
pack = frames.pack_frame
frames.pack_frame = lambda header: pack(header | {"target": "invented"})
"""
    assert loading(source).target is None


def test_the_runner_says_what_cannot_be_read(tmp_path: Any) -> None:
    """A file of the exercise that is not there is a fault of the exercise."""
    with pytest.raises(GraderError, match="cannot be read"):
        open_runner(exercise(files=("missing.csv",), folder=tmp_path))
