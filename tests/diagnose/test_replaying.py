"""Wrong answers of any kind: replayed in the place of the student's, and compared with it."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.cases.replay import replayed
from grader.compare import compare
from grader.diagnose import diagnose, load_catalogue, load_public_catalogue
from grader.diagnose.precompute import write_public_catalogue
from grader.diagnose.tabled import read, written
from grader.errors import ExerciseError
from grader.model import (
    Call,
    Earlier,
    Example,
    Exercise,
    Finding,
    Loading,
    Method,
    Outcome,
    Parameter,
    Raised,
    Solutions,
    Target,
    Tolerance,
    Trial,
    Unsent,
)
from tests.diagnose.conftest import Bench

TEXT = '''
import math
import numpy as np

def scaled(x):
    """You scale."""
    return 2 * x

def empty(x):
    """You divide zero by zero."""
    return x * math.nan

def late(x):
    """You look too far."""
    return x[len(x)]

class Counter__adds:
    def __init__(self, start): self.n = start
    def add(self, x): self.n -= x; return self.n

def Counter(start):
    """You count down."""
    return Counter__adds(start)

ANSWERS = {"f": (scaled, empty, late), "Counter": (Counter, Counter__adds)}
'''


def f(x: Any) -> Any:
    """Give the right answer."""
    return x + 1


class Counter:
    """Count, rightly."""

    def __init__(self, start: float) -> None:
        self.n = start

    def add(self, x: float) -> float:
        """Add to what there is."""
        self.n += x
        return self.n


X = np.array([1.0, 2.0])
RIGHT = {"f": f, "Counter": Counter}
TRIALS = (
    Trial(case="f", name="1", args=(X,)),
    Trial(
        case="counter",
        name="1",
        args=(1.0, 2.0),
        names=("start", "x"),
        calls=(
            Call(name="Counter", args=(1.0,), names=("start",), is_kept=True),
            Call(name="add", on=0, args=(2.0,), names=("x",)),
            Call(name="n", on=0, is_attribute=True),
        ),
        result=(Earlier(1), Earlier(2)),
    ),
)


def halves(
    bench: Bench, folder: Path, text: str = TEXT
) -> tuple[Exercise, Solutions]:
    """Return an exercise of a function and a class, with these misconceptions."""
    (folder / "misconceptions.py").write_text(text)
    exercise = msgspec.structs.replace(
        bench.exercise,
        folder=folder,
        function="f",
        arguments=("x",),
        targets=(
            Target(name="f", parameters=(Parameter(name="x"),)),
            Target(
                name="Counter",
                is_class=True,
                parameters=(Parameter(name="start"),),
                methods=(Method(name="add"),),
            ),
        ),
        examples=tuple(
            Example(
                name=trial.case,
                title="",
                args=trial.args,
                names=trial.names,
                calls=trial.calls,
                result=trial.result,
                expected=replayed(trial, "f", RIGHT).value,
            )
            for trial in TRIALS
        ),
    )
    solutions = msgspec.structs.replace(
        bench.solutions, folder=folder, reference=f, names=RIGHT
    )
    return exercise, solutions


def finding_of(trial: Trial, **student: Any) -> Finding:
    """Run what a student wrote, and compare it."""
    done = replayed(trial, "f", {**RIGHT, **student})
    expected = replayed(trial, "f", RIGHT).value
    outcome = Outcome(
        kind="returned",
        value=done.value,
        type_name=type(done.value).__name__,
    )
    if done.raised is not None:
        name = type(done.raised).__name__
        raised = Raised(type=name, message="in their own words")
        outcome = Outcome(kind="raised", raised=raised, call=done.call)
    return compare(trial, outcome, expected, Tolerance(), ("x",))


def named(
    bench: Bench, exercise: Exercise, catalogue: Any, **student: Any
) -> dict[str, set[str]]:
    """Return case -> ids for what a student wrote."""
    hints = diagnose(
        [finding_of(trial, **student) for trial in TRIALS],
        Loading(state="ready"),
        bench.submission(),
        exercise,
        catalogue,
    )
    return {
        case: {hint.misconception for hint in some}
        for case, some in hints.items()
    }


class Down:
    """Counts down, as a student wrote it."""

    def __init__(self, start: float) -> None:
        self.n = np.float64(start)

    def add(self, x: float) -> Any:
        """Take away."""
        self.n = self.n - x
        return np.array(self.n)


WRONG: list[tuple[dict[str, Any], dict[str, set[str]]]] = [
    ({"f": lambda x: [2.0 * each for each in x]}, {"f": {"scaled"}}),
    ({"f": lambda x: x / 0 * 0}, {"f": {"empty"}}),
    ({"f": lambda x: x[7]}, {"f": {"late"}}),
    ({"f": lambda x: dict[str, int]()[str(x)]}, {}),
    ({"f": lambda x: 3 * x}, {}),
    ({"Counter": Down}, {"counter": {"Counter"}}),
    (
        {"f": lambda x: x * 2, "Counter": Down},
        {"f": {"scaled"}, "counter": {"Counter"}},
    ),
]


@pytest.mark.parametrize(("student", "ids"), WRONG)
@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
@pytest.mark.parametrize("public", [False, True])
def test_what_is_given_again_is_named_for_the_cases_that_use_it(
    bench: Bench,
    tmp_path: Path,
    student: dict[str, Any],
    ids: dict[str, set[str]],
    *,
    public: bool,
) -> None:
    """NaN and exceptions are evidence; a list is an array; each target is explained by itself."""
    exercise, solutions = halves(bench, tmp_path)
    if public:
        write_public_catalogue(exercise, solutions)
        assert (
            named(bench, exercise, load_public_catalogue(exercise), **student)
            == ids
        )
    catalogue = load_catalogue(exercise, solutions)
    assert named(bench, exercise, catalogue, **student) == ids


def test_two_explanations_are_none(bench: Bench, tmp_path: Path) -> None:
    """Where two answers of different ids give the same, there is no hint: never a guess."""
    twin = 'def doubled(x):\n    """You double."""\n    return x + x\n'
    text = TEXT.replace("ANSWERS", twin + "ANSWERS").replace(
        "scaled, empty", "scaled, doubled, empty"
    )
    exercise, solutions = halves(bench, tmp_path, text)
    catalogue = load_catalogue(exercise, solutions)
    assert named(bench, exercise, catalogue, f=lambda x: 2 * x) == {}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('{"f":', '{"g":', "'g' is not in the stub"),
        ("(scaled, empty, late)", "scaled", "give a tuple"),
        ("ANSWERS", "ANSWER", "did you mean ANSWERS"),
        ('    """You scale."""\n', "", "scaled has no docstring"),
        (
            '{"f": (scaled, empty, late), "Counter": (Counter, Counter__adds)}',
            "(scaled,)",
            "say of what",
        ),
    ],
)
def test_a_mistake_of_the_author_is_told(
    bench: Bench, tmp_path: Path, old: str, new: str, fault: str
) -> None:
    """Names that mean nothing and forms that do not fit are faults."""
    exercise, solutions = halves(bench, tmp_path, TEXT.replace(old, new))
    with pytest.raises(ExerciseError, match=fault):
        load_catalogue(exercise, solutions)


@pytest.mark.parametrize(
    "value",
    [None, "text", ["a", ("b", None)], {"a": [1, "x"], 2: "y"}, Unsent("set")],
)
def test_the_table_gives_back_what_was_written(value: Any) -> None:
    """Text, lists, tuples, dicts and what no value can be."""
    assert read(written(value)) == value or isinstance(value, dict)


def test_numbers_of_the_table_keep_their_shape() -> None:
    """NaN and the infinities too, and arrays without numbers."""
    for array in (np.zeros((0, 3)), np.array([[np.nan, np.inf, -1.5]])):
        assert np.array_equal(read(written(array)), array, equal_nan=True)


def test_a_change_of_an_argument_is_part_of_a_wrong_answer(
    bench: Bench, tmp_path: Path
) -> None:
    """The same value, without the change, is not what this answer gives; wherever the change is."""
    text = '''
def emptied(x):
    """You empty the list."""
    x["row"][1].pop()
    return "empty"

def zeroed(x):
    """You write zeros."""
    x["numbers"][:] = 0
    return "zero"

def neither(x):
    """You return a text."""
    return "neither"

ANSWERS = {"f": (emptied, zeroed, neither)}
'''
    exercise, solutions = halves(bench, tmp_path, text)
    catalogue = load_catalogue(exercise, solutions)
    row = [1.0, 2.0]
    before = {"row": ("a", row), "numbers": X}
    after = {"row": ("a", [1.0]), "numbers": X}
    zeros = {"row": ("a", row), "numbers": 0 * X}
    trial = Trial(case="f", name="1", args=(before,))
    for value, left, ids in (
        ("empty", after, {"emptied"}),
        ("empty", None, set()),
        ("zero", zeros, {"zeroed"}),
        ("zero", None, set()),
        ("neither", None, {"neither"}),
        ("neither", after, set()),
    ):
        outcome = Outcome(
            kind="returned",
            value=value,
            type_name="str",
            args_after=None if left is None else (left,),
        )
        finding = compare(trial, outcome, "right", Tolerance(), ("x",))
        hints = diagnose(
            [finding],
            Loading(state="ready"),
            bench.submission(),
            exercise,
            catalogue,
        )
        found = {hint.misconception for some in hints.values() for hint in some}
        assert found == ids, (value, left)
    assert len(row) == 2
    assert X.all()


def test_an_answer_that_is_too_large_is_not_in_the_table(
    bench: Bench, tmp_path: Path
) -> None:
    """Nobody's `hints.npz` is filled by one wrong answer; the others are still named."""
    text = TEXT.replace(
        "ANSWERS",
        """
def huge(x):
    'You repeat it.'
    return np.resize(x, 10_001)

def long(x):
    'You write it out.'
    return "12" * 5001

def many(x):
    'You make a list of texts.'
    return ["1", "2"] * 5001

ANSWERS""",
    ).replace("scaled,", "huge, long, many, scaled,")
    exercise, solutions = halves(bench, tmp_path, text)
    own = load_catalogue(exercise, solutions)
    write_public_catalogue(exercise, solutions)
    public = load_public_catalogue(exercise)
    student: dict[str, Any] = {
        "huge": lambda x: np.resize(x, 10_001),
        "long": lambda _: "12" * 5001,
        "many": lambda _: ["1", "2"] * 5001,
    }
    for name, function in student.items():
        assert named(bench, exercise, own, f=function) == {"f": {name}}
        assert named(bench, exercise, public, f=function) == {}
    doubled = named(bench, exercise, public, f=lambda x: 2 * x)
    assert doubled == {"f": {"scaled"}}
