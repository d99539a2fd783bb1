"""`grader validate` finds what would hurt a course, and gives each fault a line."""

from pathlib import Path

import pytest

from grader.authoring import Check, checks, new, validate
from grader.errors import ExerciseError, UsageError
from grader.exercise import load_exercise, load_solutions
from grader.exercise.lookup import beside

ROOT = Path(__file__).parents[2]


def run(folder: Path, secrets: int = 3) -> dict[str, Check]:
    """Run all checks on an exercise, and return them by name."""
    exercise = load_exercise(folder)
    solutions = load_solutions(exercise, beside(folder), validated=False)
    return {
        check.name: check
        for check in checks(exercise, solutions, secrets=secrets)
    }


def test_the_exercise_of_this_repository_is_sound() -> None:
    """Every check passes with 100 secrets: the reference, the stub, each mistake, each pair."""
    faults = [
        fault
        for check in run(ROOT / "exercises" / "convolution", 100).values()
        for fault in check.faults
    ]
    assert faults == []


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    """Return a new exercise that a test may spoil."""
    new("mine", tmp_path)
    return tmp_path / "exercises" / "mine"


def replace(path: Path, old: str, new_text: str) -> None:
    """Replace a text that is surely in a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new_text))


EXAMPLE = "expected = [[5.0], [0.0], [10.0]]"
STUB = 'raise NotImplementedError("Replace this line with your code.")'
SPOILED = [
    (
        "exercises/mine/README.md",
        "centres",
        "centers",
        "statement",
        "README.md: does not mention centres",
    ),
    ("exercises/mine/mine.py", STUB, "return (", "stub", "mine.py: line 13"),
    (
        "exercises/mine/mine.py",
        "(points, centres)",
        "(points)",
        "stub",
        "does not define mine(points, centres)",
    ),
    (
        "exercises/mine/exercise.toml",
        EXAMPLE,
        "expected = [[5.0], [0.0], [9.0]]",
        "examples",
        "[[5.0], [0.0], [10.0]]",
    ),
    (
        "exercises/mine/exercise.toml",
        EXAMPLE,
        "expected = [5.0]",
        "examples",
        "the reference returns shape (3, 1)",
    ),
    (
        "solutions/mine/reference.py",
        "return",
        "return 1 +",
        "examples",
        "the reference returns [[6.0], [1.0], [11.0]]",
    ),
    (
        "solutions/mine/reference.py",
        "return",
        "return x +",
        "examples",
        "the reference raised NameError",
    ),
    (
        "solutions/mine/reference.py",
        "return",
        "return x +",
        "hidden inputs",
        "the reference raised NameError",
    ),
    (
        "solutions/mine/reference.py",
        "return",
        "return x +",
        "reference",
        "NameError",
    ),
    (
        "solutions/mine/reference.py",
        "return",
        "return np.inf *",
        "hidden inputs",
        "something other than finite numbers",
    ),
    (
        "solutions/mine/reference.py",
        "return",
        "return np.random.random() +",
        "hidden inputs",
        "two different results",
    ),
    (
        "solutions/mine/reference.py",
        "return",
        "import time; time.sleep(0.1); return",
        "reference",
        "too near to limits.call_s = 2",
    ),
]


@pytest.mark.parametrize(("file", "old", "put", "check", "fault"), SPOILED)
def test_what_is_wrong_is_found(
    exercise: Path, file: str, old: str, put: str, check: str, fault: str
) -> None:
    """The check for a spoiled file finds the fault, and the other checks run all the same."""
    replace(exercise.parents[1] / file, old, put)
    found = run(exercise)
    assert len(found) == 9
    assert any(fault in line for line in found[check].faults), found[check]


def test_inputs_that_come_again_are_found(exercise: Path) -> None:
    """If there are only a few inputs, a resubmission could meet inputs that are known."""
    cases = """
[[case]]
name = "one"
title = "one"
shapes = { points = [1, 1], centres = [1, 1] }
[[trial]]
name = "few"
title = "few"
[trial.inputs]
points = { kind = "integers", low = 0, high = 1 }
centres = { kind = "integers", low = 0, high = 1 }
"""
    (exercise.parents[1] / "solutions" / "mine" / "cases.toml").write_text(
        cases
    )
    assert (
        "cases.toml: 16 of 20 draws repeat an earlier one: widen the ranges"
        in run(exercise, 20)["hidden inputs"].faults
    )


def test_two_mistakes_that_give_the_same_are_found(exercise: Path) -> None:
    """A known mistake that no input tells from another, or from the right answer, is named."""
    path = exercise.parents[1] / "solutions" / "mine" / "misconceptions.py"
    copies = '''

def squares(points, centres):
    """Another name for the same."""
    return no_square_root(points, centres)


def harmless(points, centres):
    """It is right."""
    return np.sqrt(no_square_root(points, centres))


ANSWERS += (squares, harmless)
'''
    path.write_text(path.read_text() + copies)
    found = run(exercise)
    assert (
        "no_square_root and squares give the same result with 3 secrets"
        in found["separation"].faults
    )
    assert (
        "reference and harmless give the same result with 3 secrets"
        in found["separation"].faults
    )
    assert "harmless: gets all points" in found["misconceptions"].faults
    assert "squares: was not recognised" in found["misconceptions"].faults


def test_a_reference_that_breaks_its_own_rules_is_found(exercise: Path) -> None:
    """The reference is graded like a submission, so the rules apply to it too."""
    path = exercise.parents[1] / "solutions" / "mine" / "reference.py"
    path.write_text(
        "from scipy.spatial.distance import cdist\n"
        "def mine(points, centres): return cdist(points, centres)\n"
    )
    assert any(
        "uses scipy" in fault for fault in run(exercise)["reference"].faults
    )


def test_an_exercise_without_misconceptions_is_sound(exercise: Path) -> None:
    """Hints are optional: an author may begin without."""
    (exercise.parents[1] / "solutions" / "mine" / "misconceptions.py").unlink()
    assert not [
        fault for check in run(exercise).values() for fault in check.faults
    ]


def test_hints_that_are_out_of_date_are_found(
    exercise: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--write-hints makes them; a changed example makes them out of date."""
    validate(exercise, secrets=2, write_hints=True)
    out = capsys.readouterr().out.splitlines()
    assert out[1] == "wrote mine/hints.npz"
    assert run(exercise)["hints"].faults == ()
    replace(
        exercise / "exercise.toml",
        "[[3, 4], [0, 0], [6, 8]]",
        "[[5, 12], [0, 0], [6, 8]]",
    )
    assert "is out of date" in run(exercise)["hints"].faults[0]
    (exercise / "hints.npz").write_bytes(b"damaged")
    found = run(exercise)
    assert "is out of date" in found["hints"].faults[0]
    assert "cannot be read" in found["reference"].faults[0]


def test_the_faults_end_the_command(
    exercise: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each check has a line on standard output; the error carries every fault."""
    (exercise / "README.md").unlink()
    with pytest.raises(ExerciseError) as caught:
        validate(exercise, secrets=2)
    assert caught.value.faults == (
        "mine: statement: README.md: there is no statement",
    )
    captured = capsys.readouterr()
    assert [line.split()[0] for line in captured.out.splitlines()[1:]] == [
        "ok",
        "FAILED",
        *["ok"] * 7,
    ]
    assert captured.err == ""


def test_without_solutions_there_is_nothing_to_validate(exercise: Path) -> None:
    """An exercise alone, as students have it, cannot be validated, in one line."""
    with pytest.raises(UsageError, match="no such folder"):
        validate(exercise, exercise / "nowhere")
