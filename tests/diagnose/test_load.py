"""Loading an author's misconceptions: the simple form, hints, and every fault at once."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.compare import compare
from grader.diagnose import diagnose, load_catalogue, submission_source
from grader.errors import ExerciseError
from grader.model import Loading, Outcome, Raised, Trial
from grader.submission import parse_submission

SIMPLE = '''
import numpy as np

def not_sorted(values):
    """Your values come
    in their old order."""
    return np.array(values)

def descending(values):
    """The greatest comes first."""
    return np.sort(values)[::-1]

def descending__by_sign(values):
    return -np.sort(-values)

def cut(values, *arguments):
    """You cut."""
    return np.minimum(values, 5)

def kept(values, *arguments):
    return values

def gives_none(values):
    """You return nothing."""

ANSWERS = (not_sorted, descending, descending__by_sign)
VALUES = ((kept, cut),)
WHOLE = {gives_none: "returned None"}
'''


def write(bench: Any, folder: Path, text: str) -> tuple[Any, Any]:
    """Make an exercise that sorts, with these misconceptions, and its solutions."""
    (folder / "misconceptions.py").write_text(text, "utf-8")
    exercise = msgspec.structs.replace(
        bench.exercise, name="sort", function="sort", arguments=("values",)
    )
    return exercise, msgspec.structs.replace(
        bench.solutions, folder=folder, reference=np.sort
    )


def told(bench: Any, folder: Path, answer: Any) -> list[str]:
    """Return the ids of the hints for an answer to the exercise that sorts."""
    exercise, solutions = write(bench, folder, SIMPLE)
    findings = []
    for name, values in (
        ("a", np.array([3.0, 9.0, 1.0, 7.0])),
        ("b", np.array([6.5, 2.0, 8.0, 4.0, 0.5])),
    ):
        trial = Trial(case=name, name="t", args=(values,))
        value = answer(values)
        outcome = Outcome(
            kind="returned",
            value=value,
            type_name="NoneType" if value is None else "ndarray",
            args_after=(values,),
        )
        findings.append(
            compare(trial, outcome, np.sort(values), exercise.tolerance)
        )
    catalogue = load_catalogue(exercise, solutions)
    hints = diagnose(
        findings,
        Loading(state="ready"),
        bench.submission(),
        exercise,
        catalogue,
    )
    return sorted(
        {hint.misconception for found in hints.values() for hint in found}
    )


def test_the_simple_form(bench: Any, tmp_path: Path) -> None:
    """Complete wrong answers combine with what is done to the values; they need no plan."""
    assert told(bench, tmp_path, lambda v: v) == ["not-sorted"]
    assert told(bench, tmp_path, lambda v: np.sort(v)[::-1]) == ["descending"]
    assert told(bench, tmp_path, lambda v: np.minimum(np.sort(v), 5)) == ["cut"]
    assert told(bench, tmp_path, lambda v: np.minimum(v, 5)) == [
        "cut",
        "not-sorted",
    ]
    assert told(bench, tmp_path, lambda _: None) == ["gives-none"]
    assert told(bench, tmp_path, np.cumsum) == []


def test_hints_are_paragraphs(bench: Any, tmp_path: Path) -> None:
    """A hint is one paragraph, without the line breaks of its docstring."""
    catalogue = load_catalogue(*write(bench, tmp_path, SIMPLE))
    assert (
        catalogue.texts["not-sorted"] == "Your values come in their old order."
    )
    assert list(catalogue.texts) == [
        "cut",
        "not-sorted",
        "descending",
        "gives-none",
    ]
    assert [
        hint.misconception
        for hint in catalogue.hints(["descending", "cut", "unknown"])
    ] == ["cut", "descending"]


def test_what_a_variant_says_is_no_hint(bench: Any, tmp_path: Path) -> None:
    """Two ways to make one mistake have one hint, that of the plain one, in whatever order."""
    variant = "def descending__by_sign(values):\n"
    text = SIMPLE.replace(
        variant, f'{variant}    "You take it twice."\n'
    ).replace(
        "descending, descending__by_sign", "descending__by_sign, descending"
    )
    catalogue = load_catalogue(*write(bench, tmp_path, text))
    assert catalogue.texts["descending"] == "The greatest comes first."


@pytest.mark.parametrize(
    "name", ["not-sorted", "descending", "descending__by_sign", "gives-none"]
)
def test_each_misconception_can_be_handed_in(
    bench: Any, tmp_path: Path, name: str
) -> None:
    """`submission_source` returns a text that defines the exercise's function."""
    exercise, _ = write(bench, tmp_path, SIMPLE)
    namespace: dict[str, Any] = {}
    exec(submission_source(tmp_path, exercise, name), namespace)  # noqa: S102 - our own text
    assert callable(namespace["sort"])


def test_without_the_file_there_are_no_misconceptions(
    bench: Any, tmp_path: Path
) -> None:
    """An exercise without the file has an empty catalogue."""
    solutions = msgspec.structs.replace(bench.solutions, folder=tmp_path)
    assert load_catalogue(bench.exercise, solutions).texts == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def a(v): return v\nANSWERS = (a,)", "a has no docstring"),
        (
            "def a(v): return v\ndef a__b(v):\n    '''B.'''\nANSWERS = (a, a__b)",
            "a has no docstring",
        ),
        ("ANSWERS = (3,)", "3 is not a function"),
        (
            "def a(v):\n    '''A.'''\nWHOLE = {a: 'returned non'}",
            "did you mean 'returned None'",
        ),
        (
            "def a(v):\n    '''A.'''\nWHOLE = {a: 'the same for another kernel'}",
            "is not a kind of evidence",
        ),
        (
            "def a(v):\n    '''A.'''\nSHAPING = ((a, a),)",
            "need `start` and `finish`",
        ),
        ("def a(v):\n    '''A.'''\nANSWERS = a", "give a tuple"),
        ("def a(v):\n    '''A.'''\nWHOLE = (a,)", "WHOLE: give a dict"),
        (
            "def a(v):\n    '''A.'''\nWHOLE = {a: min}",
            "WHOLE: a: no signature found",
        ),
        (
            "def a(v):\n    '''A.'''\nWHOLE = {a: lambda answer, size: True}",
            "asks for what nothing in the stub takes",
        ),
        ("import nowhere_to_be_found", "ModuleNotFoundError"),
        ("def (", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
    ],
)
def test_faults_are_named(
    bench: Any, tmp_path: Path, text: str, message: str
) -> None:
    """Each fault gives one line, which names the file."""
    exercise, solutions = write(bench, tmp_path, text)
    with pytest.raises(ExerciseError) as error:
        load_catalogue(exercise, solutions)
    assert message in str(error.value)
    assert "misconceptions.py" in str(error.value)


def test_alternatives_that_raise_explain_nothing(
    bench: Any, tmp_path: Path
) -> None:
    """An author's slip in one wrong answer costs only that one."""
    text = SIMPLE.replace(
        "return np.array(values)", "raise RuntimeError"
    ).replace("np.minimum(values, 5)", "1 / 0")
    exercise, solutions = write(bench, tmp_path, text)
    values = np.array([3.0, 9.0, 1.0])
    trial = Trial(case="a", name="t", args=(values,))
    outcome = Outcome(
        kind="returned",
        value=np.sort(values)[::-1],
        type_name="ndarray",
        args_after=(values,),
    )
    finding = compare(trial, outcome, np.sort(values), exercise.tolerance)
    catalogue = load_catalogue(exercise, solutions)
    hints = diagnose(
        [finding],
        Loading(state="ready"),
        bench.submission(),
        exercise,
        catalogue,
    )
    assert [hint.misconception for hint in hints["a"]] == ["descending"]


STAGED = '''
def start(values, weights):
    return "all"

def all_values(plan):
    return plan

def cut(plan):
    """You left out the last value."""
    return "cut"

def finish(plan, values, weights, memory):
    scaled = values * weights.sum()
    return scaled[:-1] if plan == "cut" else scaled

SHAPING = ((all_values, cut),)

def ignores_weights(values, weights):
    """You do not use the weights."""
    return values

WHOLE = {ignores_weights: "the same for another weights"}
'''


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda v, w: v * w.sum(), []),
        (lambda v, w: (v * w.sum())[:-1], ["cut"]),
        (lambda v, _: v * 3, ["ignores-weights"]),
        (lambda v, _: v[:-1] * 3, ["cut", "ignores-weights"]),
        # One constant has to hold in every case.
        (lambda v, _: v * len(v), ["ignores-weights"]),
        (lambda v, _: v[:6] * 3, ["ignores-weights"]),
        # What is the same for other weights, and for other values too, says less.
        (lambda *_: np.ones(6), []),
        (lambda v, w: v * w[0], []),
        (lambda v, _: np.append(v, np.inf), ["ignores-weights"]),
    ],
)
def test_an_ignored_argument_is_explained_with_what_else_is_wrong(
    bench: Any, tmp_path: Path, answer: Any, expected: list[str]
) -> None:
    """Some constant in place of the argument must give all values; else only that it is ignored."""
    exercise, solutions = write(bench, tmp_path, STAGED)
    exercise = msgspec.structs.replace(
        exercise, arguments=("values", "weights")
    )
    findings = []
    for size in (6, 7):
        for seed in range(2):
            values = np.arange(1.0, size + 1)
            weights = (
                np.random.default_rng(seed).integers(5, 9, 3).astype(float)
            )
            trial = Trial(
                case=str(size), name=str(seed), args=(values, weights)
            )
            value = answer(values, weights)
            outcome = Outcome(kind="returned", value=value, type_name="ndarray")
            right = values * weights.sum()
            findings.append(compare(trial, outcome, right, exercise.tolerance))
    catalogue = load_catalogue(exercise, solutions)
    ready = Loading(state="ready")
    hints = diagnose(findings, ready, bench.submission(), exercise, catalogue)
    ids = {hint.misconception for found in hints.values() for hint in found}
    assert sorted(ids) == expected


@pytest.mark.parametrize("shapes", [[(), ()], [(4,), (5,)], [(3,), (2, 2)]])
def test_evidence_about_axes_and_squares_needs_a_matrix(
    bench: Any, tmp_path: Path, shapes: list[tuple[int, ...]]
) -> None:
    """Arguments without axes, of one axis, or of varying axes prove neither misconception."""
    text = """
def colours(values):
    '''You expect colours.'''

def square(values):
    '''You expect squares.'''

WHOLE = {
    colours: "expects more axes",
    square: "right where the first argument is square",
}
"""
    exercise, solutions = write(bench, tmp_path, text)
    source = "def sort(values):\n    a, b, c = values.shape\n    return a\n"
    raised = Raised(
        type="ValueError",
        message="not enough values to unpack (expected 3, got 1)",
        line=2,
    )
    findings = []
    for number, shape in enumerate(shapes):
        args = (np.ones(shape),) if shape else ()
        trial = Trial(case=str(number), name="t", args=args)
        outcome = Outcome(kind="raised", raised=raised)
        findings.append(compare(trial, outcome, np.ones(2), exercise.tolerance))
    catalogue = load_catalogue(exercise, solutions)
    submission = parse_submission("sort.py", source.encode(), exercise)
    hints = diagnose(
        findings, Loading(state="ready"), submission, exercise, catalogue
    )
    ids = {hint.misconception for found in hints.values() for hint in found}
    assert "square" not in ids
    assert ("colours" in ids) == (shapes == [(4,), (5,)])
