"""Predicates of an author: what they are asked about, and what they prove."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.compare import compare
from grader.diagnose import diagnose, load_catalogue
from grader.execution import trials
from grader.model import (
    Call,
    Earlier,
    Finding,
    Loading,
    Outcome,
    Parameter,
    Raised,
    Target,
    Trial,
    Value,
)

TEXT = '''
with open("ids.txt", encoding="utf-8") as file:
    READ = file.read()

def one(image, kernel):
    """One."""

def other(image, kernel):
    """Another."""

def one__and__other(image, kernel):
    return image

raised = "KeyError"

def is_image(answer, image, raised):
    return raised == "KeyError" or np.array_equal(answer, image)

ANSWERS = (one, other)
WHOLE = {one__and__other: is_image}
'''


def told(bench: Any, folder: Path, text: str) -> set[str]:
    """Return the ids for a submission that returns the image once, and raises once."""
    (folder / "misconceptions.py").write_text("import numpy as np\n" + text)
    (folder / "ids.txt").write_text("one other", "utf-8")
    exercise = msgspec.structs.replace(
        bench.exercise, folder=folder, files=("ids.txt",)
    )
    solutions = msgspec.structs.replace(bench.solutions, folder=folder)
    image, kernel = np.arange(16.0).reshape(4, 4), np.eye(3)
    outcomes = (
        Outcome(kind="returned", value=image, type_name="ndarray"),
        Outcome(kind="raised", raised=Raised(type="KeyError", message="'a'")),
    )
    findings: list[Finding] = []
    for number, outcome in enumerate(outcomes):
        trial = Trial(case="a", name=str(number), args=(image, kernel))
        right = solutions.reference(image, kernel)
        findings.append(compare(trial, outcome, right, exercise.tolerance))
    hints = diagnose(
        findings,
        Loading(state="ready"),
        bench.submission(),
        exercise,
        load_catalogue(exercise, solutions),
    )
    return {hint.misconception for some in hints.values() for hint in some}


def test_a_predicate_that_asks_for_it_is_asked_where_a_call_raised(
    bench: Any, tmp_path: Path
) -> None:
    """With `raised` it proves all the ids of its function; without, an exception refutes it.

    The author's file finds the files of the exercise by their names.
    """
    assert told(bench, tmp_path, TEXT) == {"one", "other"}
    not_asking = TEXT.replace("image, raised)", "image)")
    assert told(bench, tmp_path, not_asking) == set()


def test_a_trial_about_which_a_predicate_says_none_neither_proves_nor_refutes(
    bench: Any, tmp_path: Path
) -> None:
    """It holds for one of the two trials; about the other it says None, False, or both None."""
    rule = 'return raised == "KeyError" or np.array_equal(answer, image)'
    for said, found in (
        ("True if raised else None", {"one", "other"}),
        ("True if raised else False", set()),
        ("None", set()),
    ):
        text = TEXT.replace(rule, f"return {said}")
        assert told(bench, tmp_path, text) == found


# ---- Of a function `share` and a class `Box`, in trials of several calls

PROVED = '''
def halved(weights):
    """You give half of the weights."""

def is_half(answer, weights, expected, case):
    assert case == "a"
    return answer["alone"] == [each / 2 for each in weights]

WHOLE = {halved: is_half}
'''
WEIGHTS = [1.0, 3.0]
RIGHT = [0.25, 0.75]


def sums_to_one(answer: Any, weights: Any) -> bool:
    """Your shares do not sum to one."""
    return bool(abs(sum(answer) - 1) < 1e-9 and len(answer) == len(weights))


def is_sorted(answer: Any, expected: Any) -> bool:
    """Your list is not sorted."""
    return list(answer) == sorted(answer) or list(expected) != sorted(expected)


TARGETS = (
    Target(name="Box", is_class=True, parameters=(Parameter(name="size"),)),
    Target(name="share", parameters=(Parameter(name="weights"),)),
)
CALLS = (
    Call(name="Box", args=(2.0,), names=("size",), is_sent=False, is_kept=True),
    Call(name="share", args=(WEIGHTS,), names=("weights",)),
    Call(name="content", on=0),
    Call(name="share", args=(WEIGHTS,), names=("weights",)),
)
RESULT = {"alone": Earlier(1), "two": (Earlier(2), [Earlier(3)])}


def proved(
    bench: Any, folder: Path, text: str, checks: Any, *results: Value
) -> set[str]:
    """Return the ids where `share`, `content` and `share` again gave these."""
    (folder / "misconceptions.py").write_text(text, "utf-8")
    exercise = msgspec.structs.replace(
        bench.exercise,
        folder=folder,
        function="Box",
        arguments=("size",),
        targets=TARGETS,
    )
    solutions = msgspec.structs.replace(
        bench.solutions,
        folder=folder,
        checks={check.__name__: check for check in checks},
    )
    trial = Trial(
        case="a", name="1", args=(2.0, WEIGHTS), calls=CALLS, result=RESULT
    )
    outcome, right = (
        trials.together(
            trial,
            [
                Outcome(kind="returned", value=one, type_name="list")
                for one in (None, *each)
            ],
        )
        for each in (results, (RIGHT, [0.5], RIGHT))
    )
    finding = compare(trial, outcome, right.value, exercise.tolerance)
    hints = diagnose(
        [finding],
        Loading(state="ready"),
        bench.submission(),
        exercise,
        load_catalogue(exercise, solutions),
    )
    return {hint.misconception for some in hints.values() for hint in some}


def test_a_predicate_is_given_the_arguments_of_its_own_target(
    bench: Any, tmp_path: Path
) -> None:
    """Among several calls, it gets what the first call of the target was given."""
    halves = [0.5, 1.5]
    assert proved(bench, tmp_path, PROVED, (), halves, [0.5], RIGHT) == {
        "halved"
    }
    assert proved(bench, tmp_path, PROVED, (), [1.0, 3.0], [0.5], RIGHT) == (
        set()
    )


def test_a_predicate_that_raises_proves_nothing(
    bench: Any, tmp_path: Path
) -> None:
    """An author's slip, on an answer that nobody thought of, names no mistake."""
    text = PROVED.replace('case == "a"', 'case == "b"')
    halves = [0.5, 1.5]
    assert proved(bench, tmp_path, text, (), halves, [0.5], RIGHT) == set()


def test_a_property_is_asked_about_every_result_of_its_target(
    bench: Any, tmp_path: Path
) -> None:
    """Results in dicts, tuples and lists are found; those of a method are not asked about."""
    checks = (sums_to_one,)
    for results, ids in (
        (([0.5, 1.0], [0.5], RIGHT), {"sums-to-one"}),
        ((RIGHT, [0.5], [0.5, 1.0]), {"sums-to-one"}),
        ((RIGHT, [7.0], RIGHT), set()),
        (([0.75, 0.25], [0.5], RIGHT), set()),
    ):
        assert proved(bench, tmp_path, "", checks, *results) == ids


def test_a_property_knows_what_is_right_in_the_same_place(
    bench: Any, tmp_path: Path
) -> None:
    """With `expected` it gets the right result of the call that it is asked about."""
    text = "def unused(size):\n    'Unused.'\n"
    checks = (is_sorted,)
    for results, ids in (
        (([0.75, 0.25], [0.5], RIGHT), {"is-sorted"}),
        ((RIGHT, [0.5], [0.75, 0.25]), {"is-sorted"}),
        (([0.2, 0.8], [0.5], RIGHT), set()),
    ):
        assert proved(bench, tmp_path, text, checks, *results) == ids


def test_a_property_that_raises_gives_no_hint(
    bench: Any, tmp_path: Path
) -> None:
    """Where a property cannot look at an answer at all, it says nothing about it."""
    results = ("text", [0.5], RIGHT)
    assert proved(bench, tmp_path, "", (sums_to_one,), *results) == set()


def test_what_is_proved_is_told_and_no_property_beside_it(
    bench: Any, tmp_path: Path
) -> None:
    """A property is the second best: halves sum to something else, and why is known."""
    results = ([0.5, 1.5], [0.5], RIGHT)
    checks = (sums_to_one,)
    assert proved(bench, tmp_path, PROVED, checks, *results) == {"halved"}
