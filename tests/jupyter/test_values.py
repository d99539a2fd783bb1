"""`check` in a notebook and a worker get the same of the same calls, for values of every kind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.execution import Runner, open_runner
from grader.jupyter.calling import KernelRunner, loading_of
from grader.jupyter.source import Sources
from grader.model import (
    Call,
    Case,
    Earlier,
    Exercise,
    Loading,
    Outcome,
    Parameter,
    Random,
    Submission,
    Target,
    Trial,
    Unit,
    Value,
)
from grader.recording import random_of
from tests.confined.test_values import same
from tests.execution.conftest import exercise_with

GIVEN = "def helper(x):\n    return [x, 'given']\n"
SOURCE = """
import collections, enum
import numpy as np

Point = collections.namedtuple("Point", "x y")

class Text(str):
    def __len__(self): return 1 << 60
    def __eq__(self, other): raise ValueError("no")
    __hash__ = None

class Colour(enum.IntEnum):
    RED = 1

class Liar:
    __class__ = property(lambda self: list)
    def __iter__(self): return iter([1.0])

def helper(x): return [x, "own"]

def itself():
    found = []
    found.append(found)
    return found

def function(value, kind=None):
    return {
        None: lambda: value,
        "point": lambda: Point(value, 2),
        "text": lambda: [Text("text"), Colour.RED],
        "ordered": lambda: collections.OrderedDict(b=1, a=value),
        "set": lambda: {1, 2},
        "in a list": lambda: [{1, 2}, np.array(["a"]), Liar(), value],
        "liar": Liar,
        "class": lambda: Liar,
        "keys": lambda: {frozenset(): 1},
        "itself": itself,
        "long": lambda: "x" * 5_000_000,
        "digits": lambda: 1 << 100_000,
        "array": lambda: np.zeros((2000, 2000)),
        "exit": lambda: exit(),
        "draw": lambda: value.random(2),
        "helper": lambda: helper(value),
        "change": lambda: value.append(value[0]),
        "spoil": lambda: value.append({1}),
        "fill": lambda: value.fill(7),
        "memory": lambda: [0] * (1 << 60),
        "missing": lambda: undefined,
        "scalar": lambda: np.float32(value) + np.longdouble(1),
    }[kind]()

class Layer:
    def __init__(self, weights):
        self.weights = weights
    def forward(self, x, scale=1):
        self.x = x
        return scale * (x @ self.weights)
    def spoil(self):
        self.x += 1
"""
GENERATOR = random_of(np.random.default_rng(3))
VALUES: list[Value] = [
    None,
    True,
    7,
    2**80,
    2.5,
    float("nan"),
    1j,
    "text \ud800",
    b"bytes",
    np.float32(1),
    np.bool_(True),
    [1, 2.5, "a"],
    [[1, 2], [3, 4]],
    (1, (2, [3])),
    {"w": np.eye(2), 2: [None], (1, "a"): {}},
    np.zeros((0, 3)),
    np.array(5),
    np.ones((2, 2), np.complex64),
    GENERATOR,
]
KINDS: dict[str, Value] = dict.fromkeys(
    [
        "point",
        "text",
        "ordered",
        "set",
        "in a list",
        "liar",
        "class",
        "keys",
        "itself",
        "long",
        "digits",
        "array",
        "exit",
        "helper",
        "memory",
        "missing",
        "scalar",
    ],
    1.5,
) | {"draw": GENERATOR, "change": [1], "spoil": [1], "fill": np.eye(2)}


def exercise() -> Exercise:
    """Make an exercise with a function, a class and a helper that is given."""
    return msgspec.structs.replace(
        exercise_with(load_s=20.0, call_s=20.0, total_s=100.0),
        function="function",
        arguments=("value",),
        given=GIVEN,
        targets=(
            Target(name="function", parameters=(Parameter(name="value"),)),
            Target(
                name="Layer",
                is_class=True,
                parameters=(Parameter(name="weights"),),
            ),
        ),
    )


def trials() -> dict[str, Trial]:
    """Return one trial for each kind of value, and some of several calls."""
    made = {
        f"{type(value).__name__} {number}": one(
            Call(name="function", args=(value,))
        )
        for number, value in enumerate(VALUES)
    }
    made["plain"] = Trial(case="c", name="plain", args=([1],))
    made |= {
        kind: one(Call(name="function", args=(value,), kwargs={"kind": kind}))
        for kind, value in KINDS.items()
    }
    layer = Call(name="Layer", args=(np.eye(3),), is_kept=True, is_sent=False)
    forward = Call(
        name="forward", on=0, args=(np.ones((2, 3)),), kwargs={"scale": 2}
    )
    weights = Call(name="weights", on=0, is_attribute=True)
    sent = msgspec.structs.replace(layer, is_sent=True)
    made |= {
        "layer": one(
            layer, forward, weights, result=(Earlier(1), {"w": Earlier(2)})
        ),
        "no method": one(layer, Call(name="back", on=0), result=Earlier(1)),
        "no attribute": one(
            layer, Call(name="back", on=0, is_attribute=True), result=Earlier(1)
        ),
        "no function": one(Call(name="other", args=(1,))),
        "instance": one(sent, result=[Earlier(0)]),
        "spoils later": one(
            layer, forward, Call(name="spoil", on=0), result=Earlier(1)
        ),
        "changes": one(
            layer,
            Call(name="function", args=([1],), kwargs={"kind": "change"}),
            Call(name="function", args=(Earlier(0), "set")),
            result=Earlier(2),
        ),
    }
    return made


FIRST = Earlier(0)


def one(*calls: Call, result: Value = FIRST) -> Trial:
    """Make a trial of these calls."""
    args = [
        value for call in calls for value in (*call.args, *call.kwargs.values())
    ]
    return Trial(
        case="c", name="t", args=tuple(args), calls=calls, result=result
    )


TRIALS = trials()
CASES = (
    Case(
        name="c", title="", points=1.0, shapes={}, trials=tuple(TRIALS.values())
    ),
)
SUBMISSION = Submission(
    name="s.py", kind="python", digest="", units=(Unit(SOURCE),)
)


@pytest.fixture(scope="module")
def by_worker() -> tuple[Loading, tuple[Outcome, ...]]:
    """Run all trials in a worker."""
    with open_runner(exercise()) as runner:
        execution = runner.run(SUBMISSION, CASES)
    return execution.loading, execution.outcomes


@pytest.fixture(scope="module")
def by_check() -> tuple[Loading, tuple[Outcome, ...], dict[str, Any]]:
    """Run all trials as `check` does, in this process."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(SOURCE, "<cell>", "exec"), namespace)  # noqa: S102 - as a cell would
    function = namespace["function"]
    loading = loading_of(function, exercise(), namespace)
    sources = Sources(None, function)
    runner = KernelRunner(function, loading, sources, namespace, exercise())
    execution = runner.run(SUBMISSION, lambda: CASES)
    return execution.loading, execution.outcomes, namespace


def told(outcome: Outcome) -> dict[str, Any]:
    """Return what is compared: all but times and places in the source."""
    found = msgspec.structs.asdict(outcome)
    raised = found.pop("raised")
    found["raised"] = raised and [raised.type, raised.message]
    for name in ("value", "args_after", "duration_s"):
        del found[name]
    return found


@pytest.mark.parametrize("place", range(len(TRIALS)), ids=list(TRIALS))
def test_a_notebook_gets_what_a_worker_gets(
    place: int,
    by_worker: tuple[Loading, tuple[Outcome, ...]],
    by_check: tuple[Loading, tuple[Outcome, ...], dict[str, Any]],
) -> None:
    """The same kind, type, values, exceptions, changed arguments and reasons."""
    worker, check = by_worker[1][place], by_check[1][place]
    assert told(check) == told(worker)
    assert repr(check.value) == repr(worker.value)
    assert repr(check.args_after) == repr(worker.args_after)
    assert same_if_plain(check.value, worker.value)


def same_if_plain(left: Value, right: Value) -> bool:
    """Compare bit by bit what holds nothing but values."""
    return "Unsent" in repr(left) or same(left, right)


def test_all_of_them_were_really_run(
    by_worker: tuple[Loading, tuple[Outcome, ...]],
) -> None:
    """Most return, some raise, and those that are too large say so."""
    loading, outcomes = by_worker
    assert (loading.state, loading.target) == ("ready", "function")
    kinds = dict(zip(TRIALS, (each.kind for each in outcomes), strict=True))
    assert [
        name for name, kind in kinds.items() if kind == "invalid_output"
    ] == [
        "itself",
        "long",
        "digits",
        "array",
    ]
    assert [name for name, kind in kinds.items() if kind == "raised"] == [
        "exit",
        "missing",
        "no method",
        "no attribute",
        "no function",
    ]
    assert kinds["memory"] == "out_of_memory"
    assert list(kinds.values()).count("returned") == len(TRIALS) - 10


def test_what_is_given_is_there_during_a_check_alone(
    by_check: tuple[Loading, tuple[Outcome, ...], dict[str, Any]],
) -> None:
    """Afterwards the notebook has the student's own helper again, and nothing more than before."""
    loading, outcomes, namespace = by_check
    place = list(TRIALS).index("helper")
    assert outcomes[place].value == [1.5, "given"]
    assert namespace["helper"](1.5) == [1.5, "own"]
    assert (loading.state, loading.target) == ("ready", "function")


@pytest.mark.parametrize(
    ("source", "state", "target"),
    [
        ("def function(value): pass", "ready", "function"),
        ("class Layer:\n    def __init__(self, w): pass", "ready", "Layer"),
        ("function = 3", "not_callable", "function"),
        ("def function(): pass", "bad_signature", "function"),
        ("from math import sin as Layer", "foreign", "Layer"),
        ("", "no_function", "function"),
    ],
)
def test_a_notebook_finds_what_a_worker_finds(
    source: str, state: str, target: str
) -> None:
    """Each thing that the exercise asks for is judged, as in a worker."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, "<string>", "exec"), namespace)  # noqa: S102 - as a cell would
    asked: Callable[[str], Any] = namespace.get
    function = asked("function") or asked("Layer")
    with open_runner(exercise()) as runner:
        worker = loading_by(runner, source)
    assert (worker.state, worker.target) == (state, target)
    if function is not None:
        check = loading_of(function, exercise(), namespace)
        assert (check.state, check.target) == (state, target)


def loading_by(runner: Runner, source: str) -> Loading:
    """Load a file in a worker."""
    handed_in = Submission(
        name="s.py", kind="python", digest="", units=(Unit(source),)
    )
    return runner.run(handed_in, ()).loading


@pytest.mark.parametrize("own", [None, "mine"])
def test_a_check_reads_the_files_of_the_exercise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str | None
) -> None:
    """Where the notebook does not have them beside it; afterwards it is where it was."""
    for name in ("notebook", "exercise"):
        (tmp_path / name).mkdir()
    (tmp_path / "exercise" / "v.csv").write_text("the exercise's", "utf-8")
    if own is not None:
        (tmp_path / "notebook" / "v.csv").write_text(own, "utf-8")
    monkeypatch.chdir(tmp_path / "notebook")
    asked = msgspec.structs.replace(
        exercise(), files=("v.csv",), folder=tmp_path / "exercise"
    )
    source = (
        "from pathlib import Path\n"
        "def function(value): return Path('v.csv').read_text('utf-8')\n"
    )
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, "<string>", "exec"), namespace)  # noqa: S102 - as a cell would
    function = namespace["function"]
    loading = loading_of(function, asked, namespace)
    runner = KernelRunner(
        function, loading, Sources(None, function), namespace, asked
    )
    trial = Trial(case="c", name="t", args=(1,))
    case = Case(name="c", title="", points=1.0, shapes={}, trials=(trial,))
    (outcome,) = runner.run(SUBMISSION, lambda: (case,)).outcomes
    assert outcome.value == (own or "the exercise's")
    assert Path.cwd() == tmp_path / "notebook"


def test_random_generators_are_records() -> None:
    """What travels is the state alone."""
    assert isinstance(GENERATOR, Random)
