"""`grader validate` finds what would hurt a course, and gives each fault a line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring import Check, checks, new, validate
from grader.errors import ExerciseError, UsageError
from grader.exercise import load_both
from grader.exercise.lookup import beside

ROOT = Path(__file__).parents[2]


def run(folder: Path, secrets: int = 3) -> dict[str, Check]:
    """Run all checks on an exercise, and return them by name."""
    try:
        exercise, solutions = load_both(folder, beside(folder))
    except ExerciseError as error:
        return {"files": Check("files", "cannot be read", error.faults)}
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
REFERENCE = "solutions/mine/reference.py"
GIVEN = """\
def given(points, centres):
    steps = np.asarray(points, float)[:, None] - np.asarray(centres, float)
    return np.sqrt((steps**2).sum(axis=-1))


def mine("""
TWICE = """
def again(points, centres):
    return 0


def again(points, centres):
    return 1


def """
SPOILED = {
    "misconception that is written twice": (
        "solutions/mine/misconceptions.py",
        "\ndef ",
        TWICE,
        "names",
        "again is defined twice, first in line",
    ),
    "statement": (
        "exercises/mine/README.md",
        "centres",
        "centers",
        "statement",
        "README.md: does not mention centres",
    ),
    "stub that is no Python": (
        "exercises/mine/mine.py",
        STUB,
        "return (",
        "files",
        "mine.py, line 13",
    ),
    "stub that asks for nothing": (
        "exercises/mine/mine.py",
        STUB,
        "return 0",
        "files",
        "mine.py",
    ),
    "stub that gives the solution": (
        "exercises/mine/mine.py",
        "def mine(",
        GIVEN,
        "stub",
        "given, which is given, solves mine: leave it out",
    ),
    "example with another value": (
        "exercises/mine/exercise.toml",
        EXAMPLE,
        "expected = [[5.0], [0.0], [9.0]]",
        "examples",
        "example 'three-four-five': the reference returns [[5.0], [0.0], [10.0]]",
    ),
    "example with another shape": (
        "exercises/mine/exercise.toml",
        EXAMPLE,
        "expected = [5.0]",
        "examples",
        "the reference returns shape (3, 1)",
    ),
    "reference that is wrong": (
        REFERENCE,
        "return",
        "return 1 +",
        "examples",
        "the reference returns [[6.0], [1.0], [11.0]]",
    ),
    "reference that raises for an example": (
        REFERENCE,
        "return",
        "return x +",
        "examples",
        "the reference raised NameError",
    ),
    "reference that raises": (
        REFERENCE,
        "return",
        "return x +",
        "hidden inputs",
        "reference.py, line 10: case '7x3', trial 'float': the reference raised NameError",
    ),
    "reference that raises as a submission": (
        REFERENCE,
        "return",
        "return x +",
        "reference",
        "reference.py",
    ),
    "reference that gives no number": (
        REFERENCE,
        "return",
        "return np.inf *",
        "hidden inputs",
        "something other than finite numbers",
    ),
    "reference that is random": (
        REFERENCE,
        "return",
        "return np.random.random() +",
        "hidden inputs",
        "two different results",
    ),
    "reference that returns what cannot be sent": (
        REFERENCE,
        "return",
        "return {1, 2} or",
        "hidden inputs",
        "the reference returns a set, which cannot be sent",
    ),
    "reference that is slow": (
        REFERENCE,
        "return",
        "import time; time.sleep(0.1); return",
        "reference",
        "too near to limits.call_s = 2",
    ),
    "reference that hangs": (
        REFERENCE,
        "return",
        "while True: pass\n    return",
        "files",
        "mine/reference.py: case '7x3', float: takes longer than",
    ),
    "reference that ends the process": (
        REFERENCE,
        "return",
        "import os; os._exit(3)\n    return",
        "files",
        "ends its process with status 3",
    ),
    "list of another name": (
        "solutions/mine/misconceptions.py",
        "ANSWERS = (",
        "ANSWER = (",
        "files",
        "ANSWER",
    ),
    "mistake in no list": (
        "solutions/mine/misconceptions.py",
        "    city_block,\n",
        "",
        "names",
        "city_block is in no list, so nobody is told of it",
    ),
    "mistake that hangs": (
        "solutions/mine/misconceptions.py",
        "return np.max(",
        "while True: pass\n    return np.max(",
        "files",
        "misconceptions.py, line 23: largest_difference: ",
    ),
}


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes validate wait three seconds for what hangs, rather than ten."""
    return lambda: monkeypatch.setattr(
        "grader.authoring.rehearsal._SECONDS", 3.0
    )


@pytest.mark.parametrize("kind", SPOILED)
def test_what_is_wrong_is_found(
    exercise: Path, kind: str, hurry: Callable[[], None]
) -> None:
    """The check for a spoiled file finds the fault, and names the file and what to do."""
    if "hangs" in kind:
        hurry()
    file, old, put, check, fault = SPOILED[kind]
    replace(exercise.parents[1] / file, old, put)
    found = run(exercise)
    assert any(fault in line for line in found[check].faults), found


def test_all_checks_run_whatever_one_finds(exercise: Path) -> None:
    """One wrong file does not hide what is wrong elsewhere."""
    replace(exercise.parents[1] / REFERENCE, "return", "return x +")
    assert len(run(exercise)) == 13


def test_a_file_that_never_ends_is_named(
    exercise: Path,
    capsys: pytest.CaptureFixture[str],
    hurry: Callable[[], None],
) -> None:
    """A loop at the top of a file is a fault of that file, in bounded time."""
    hurry()
    path = exercise.parents[1] / "solutions" / "mine" / "reference.py"
    path.write_text("while True: pass\n")
    with pytest.raises(ExerciseError) as caught:
        validate(exercise, secrets=2)
    (fault,) = caught.value.faults
    assert fault.startswith(
        "mine/reference.py: takes longer than 3 s when it is loaded"
    )
    assert capsys.readouterr().err == ""


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
        "cases.toml: case 'one': 16 of 20 draws repeat an earlier one: widen the ranges, or write "
        'few_inputs = ["one"] if there are no more'
    ) in run(exercise, 20)["hidden inputs"].faults
    path = exercise.parents[1] / "solutions" / "mine" / "cases.toml"
    path.write_text(f'few_inputs = ["one"]\n{cases}')
    assert run(exercise, 20)["hidden inputs"].faults == ()


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
    same = "\n".join(found["separation"].faults)
    assert (
        "line 60: no_square_root and squares give the same result on every case"
        in same
    )
    assert (
        "line 65: reference and harmless give the same result on every case"
        in same
    )
    named = "\n".join(found["misconceptions"].faults)
    assert (
        "harmless: gets all points: gives the same as reference on every case"
        in named
    )
    assert (
        "squares: was not recognised: gives the same as no_square_root on every case"
        in named
    )


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
    mistakes = exercise.parents[1] / "solutions" / "mine" / "misconceptions.py"
    replace(mistakes, "as if one could", "as if you could")
    assert "is out of date" in run(exercise)["hints"].faults[0]
    (exercise / "hints.npz").write_bytes(b"damaged")
    assert "is out of date" in run(exercise)["hints"].faults[0]


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
        *["ok"] * 11,
    ]
    assert captured.err == ""


def test_without_solutions_there_is_nothing_to_validate(exercise: Path) -> None:
    """An exercise alone, as students have it, cannot be validated, in one line."""
    with pytest.raises(UsageError, match="no such folder"):
        validate(exercise, exercise / "nowhere")


def test_a_case_that_is_defined_twice_is_found(tmp_path: Path) -> None:
    """Python keeps the last one alone, so a row of the report would be missing without a word."""
    new("mine", tmp_path, functions=("scale(x)",))
    public = tmp_path / "exercises" / "mine"
    replace(beside(public) / "cases.py", "def larger(", "def small(")
    (fault,) = run(public)["names"].faults
    assert fault == (
        "mine/cases.py, line 14: small is defined twice, first in line 9; "
        "give one of them another name, or remove it"
    )
