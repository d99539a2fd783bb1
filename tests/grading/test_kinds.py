"""Exercises of other kinds: several calls, own checks, several right answers, speed, rules."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.cases import DEFAULT_SECRET, Secret
from grader.execution import open_runner
from grader.exercise import load_both
from grader.grading import Grader, check
from grader.grading.right import FLOOR_S
from grader.model import Report, Verdict
from grader.submission import parse_submission

EXERCISE = """
title = "A counter, a choice and a sum"
speed.within = "20x reference"
limits.call_s = 20.0
missing.torch = "Nothing here needs more than NumPy."

[rules]
loops = false
forbidden = ["numpy.cumsum"]

[[example]]
name = "choice"
title = "any of them"
inputs.values = [3, 1, 3]
calls = ["choose(values)"]
any_of = [0, 2]
"""
STUB = """
class Counter:
    def __init__(self, start):
        raise NotImplementedError
    def add(self, by):
        raise NotImplementedError

def choose(values):
    raise NotImplementedError
"""
REFERENCE = """
import numpy as np

class Counter:
    def __init__(self, start):
        self.now = start
    def add(self, by):
        self.now = self.now + by
        return self.now

def choose(values):
    return int(np.argmax(values))
"""
CASES = """
import numpy as np

POINTS = {"choice": 2}

def counting(student, rng):
    "a counter"
    counter = student.Counter(int(rng.integers(5)))
    yield counter.add(1)
    yield counter.add(2), counter.now

def choice(student, rng):
    "the place of a largest value"
    values = rng.integers(0, 2, 9)
    values[:2] = 2
    yield student.choose(values)
"""
CHECK = """
import numpy as np

def choose(answer, values, expected):
    if np.shape(answer) != () or not 0 <= answer < len(values):
        return "That is no place in the values."
    if values[int(answer)] != values[expected]:
        return "There is a larger value."
    return None
"""
MISCONCEPTIONS = '''
def loops(values):
    """You loop, where NumPy does it at once."""

def smallest(values):
    """You give the place of the smallest value."""
    import numpy as np
    return int(np.argmin(values))

ANSWERS = {"choose": (smallest,)}
WHOLE = {loops: "uses a loop"}
'''

Grade = Callable[..., Report]


@pytest.fixture(scope="module")
def graders(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Grade, Grade]]:
    """Return what grades a source against the hidden cases, and against the examples."""
    folder = tmp_path_factory.mktemp("course")
    public, hidden = folder / "exercises/kinds", folder / "solutions/kinds"
    for path, text in (
        (public / "exercise.toml", EXERCISE),
        (public / "kinds.py", STUB),
        (hidden / "reference.py", REFERENCE),
        (hidden / "cases.py", CASES),
        (hidden / "check.py", CHECK),
        (hidden / "misconceptions.py", MISCONCEPTIONS),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    exercise, solutions = load_both(public, hidden)
    with open_runner(exercise, solutions=Path(hidden)) as runner:
        secret = Secret(DEFAULT_SECRET, "default")
        grader = Grader(exercise, solutions, secret, runner)

        def parsed(source: str) -> object:
            return parse_submission("a.py", source.encode(), exercise)

        yield (
            lambda source: grader.grade(parsed(source)),  # type: ignore[arg-type]
            lambda source: check(exercise, parsed(source), runner),  # type: ignore[arg-type]
        )


@pytest.fixture(scope="module")
def grade(graders: tuple[Grade, Grade]) -> Grade:
    """Return what grades against the hidden cases."""
    return graders[0]


def changed(*pairs: tuple[str, str]) -> str:
    """Return the reference with some of its text replaced."""
    text = REFERENCE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


LAST = "len(values) - 1 - int(np.argmax(values[::-1]))"


def test_another_right_answer_is_right(graders: tuple[Grade, Grade]) -> None:
    """What the exercise's own check accepts has all points, and so has any of the answers."""
    source = changed(("int(np.argmax(values))", LAST))
    for ask, points in zip(graders, (3.0, 1.0), strict=True):
        assert ask(source).score == points


def test_a_check_says_what_is_wrong(grade: Grade) -> None:
    """Its sentence is the message; the other cases have their points."""
    report = grade(changed(("np.argmax", "np.argmin")))
    assert report.score == 1.0
    assert "There is a larger value." in report.cases[1].message
    assert [hint.misconception for hint in report.cases[1].hints] == [
        "smallest"
    ]


def test_a_part_that_is_missing_costs_its_own_cases(grade: Grade) -> None:
    """Whoever has written the class alone gets the points of its case."""
    report = grade(REFERENCE.partition("def choose")[0])
    assert report.score == 1.0
    assert report.cases[1].verdict is not Verdict.PASSED


def test_a_missing_class_is_named_as_a_class(grade: Grade) -> None:
    """With a name that is near, and the methods to write."""
    report = grade("class Conter:\n    def add(self, by):\n        return by\n")
    assert report.status == "not_gradable"
    assert report.message.startswith(
        "There is no class named Counter; you have Conter"
    )


def test_the_empty_stub_is_told_as_one(grade: Grade) -> None:
    """All that is to be written is named."""
    report = grade(STUB)
    assert report.message == (
        "You have not changed the stub yet: write your code into Counter and choose."
    )


def test_a_loop_loses_every_case_and_is_named(grade: Grade) -> None:
    """The line says where; the hint is the exercise's own."""
    report = grade(
        changed(
            (
                "int(np.argmax(values))",
                "max((v, i) for i, v in enumerate(values))[1]",
            )
        )
    )
    assert report.score == 0.0
    assert "choose uses a loop (a generator expression)" in report.message
    assert {
        hint.misconception for case in report.cases for hint in case.hints
    } == {"loops"}


def test_a_name_that_is_ruled_out_is_a_fault(grade: Grade) -> None:
    """Of NumPy too, where the exercise forbids one function of it."""
    report = grade(
        changed(
            ("np.argmax(values)", "np.argmax(np.cumsum(values) * 0 + values)")
        )
    )
    assert report.status == "not_gradable"
    assert "numpy.cumsum" in report.message


def test_what_an_exercise_tells_of_a_missing_library_is_told(
    grade: Grade,
) -> None:
    """Its own sentence comes after what is always said."""
    report = grade(changed(("return int(", "import torch\n    return int(")))
    assert report.score == 1.0
    assert report.cases[1].message.endswith(
        "Nothing here needs more than NumPy."
    )


def test_what_is_too_slow_every_time_is_told_with_the_ratio(
    grade: Grade,
) -> None:
    """Twenty times the reference's time, and never less than what starting anything takes."""
    slow = f"import time; time.sleep({30 * FLOOR_S}); return int("
    report = grade(changed(("return int(", slow)))
    assert report.score == 1.0
    case = report.cases[1]
    assert (case.verdict, case.details.rung) == (Verdict.TIMED_OUT, "speed")
    assert "20" in case.message


def test_a_call_that_is_slow_once_costs_nothing(grade: Grade) -> None:
    """It is asked again, in a new process, and the least time counts."""
    # Slow at first, and for less time than it takes to ask five times.
    slow = (
        "import time\n"
        f"    if time.time() < {time.time() + 5 * FLOOR_S}: time.sleep({1.5 * FLOOR_S})\n"
        "    return int("
    )
    assert grade(changed(("return int(", slow))).score == 3.0


def test_an_answer_that_was_kept_is_not_faster(grade: Grade) -> None:
    """Who keeps what a slow call gave finds it gone when asked again."""
    kept = (
        "import time\n"
        "    key = values.tobytes()\n"
        f"    if key not in KEPT: time.sleep({30 * FLOOR_S})\n"
        "    KEPT[key] = 1\n"
        "    return int("
    )
    source = "KEPT = {}\n" + changed(("return int(", kept))
    assert grade(source).cases[1].verdict is Verdict.TIMED_OUT
