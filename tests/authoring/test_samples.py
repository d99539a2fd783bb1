"""An author's samples, checks and mistakes are proved, and a page can be looked at."""

from pathlib import Path

import pytest

from grader.authoring import Check, checks, new, validate
from grader.errors import ExerciseError, UsageError
from grader.exercise import load_both
from grader.exercise.lookup import beside

REFERENCE = '''"""The reference."""

import numpy as np


def top(scores, k):
    return np.argsort(scores)[::-1][:k]
'''
CASES = '''"""The cases."""


def ordinary(student, rng):
    "scores without equals"
    yield student.top(rng.permutation(12) * 0.5, 3)
    yield student.top(rng.normal(size=9), 2)
'''
CHECK = '''"""Any order is right."""

import numpy as np


def top(answer, scores, k):
    try:
        found = sorted(int(place) for place in answer)
    except (TypeError, ValueError, OverflowError):
        return "A list of positions is asked for."
    if found != sorted(np.argsort(scores)[::-1][:k].tolist()):
        return "These are not the positions of the largest scores."
    return None


def as_many_as_asked(answer, k):
    """You return more or fewer positions than were asked for."""
    return not isinstance(answer, list | np.ndarray) or np.asarray(answer, object).size == k
'''
MISTAKES = '''"""Known wrong answers."""

import numpy as np


def smallest(scores, k):
    """You return the positions of the smallest scores."""
    return np.argsort(scores)[:k]


def values(scores, k):
    """You return the scores, not where they are."""
    return np.sort(scores)[::-1][:k]


ANSWERS = (smallest, values)
'''
RIGHT = "def top(scores, k):\n    return sorted(range(len(scores)), key=lambda i: scores[i])[-k:]\n"
WRONG = "def top(scores, k):\n    return sorted(range(len(scores)), key=lambda i: scores[i])[:k]\n"
ONE_MORE = "import numpy as np\ndef top(scores, k):\n    return np.argsort(scores)[::-1][:k + 1]\n"


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    """Return an exercise with a check, mistakes and samples, which is sound."""
    new("mine", tmp_path, functions=("top(scores, k: int)",))
    public, hidden = tmp_path / "exercises/mine", tmp_path / "solutions/mine"
    text = (public / "exercise.toml").read_text().partition("[[example]]")[0]
    (public / "exercise.toml").write_text(
        f'{text}[[example]]\nname = "three"\ntitle = "three"\n'
        "inputs.scores = [3.0, 1.0, 2.0]\ninputs.k = 1\nexpected = [0]\n"
    )
    (hidden / "reference.py").write_text(REFERENCE)
    (hidden / "cases.py").write_text(CASES)
    (hidden / "check.py").write_text(CHECK)
    (hidden / "misconceptions.py").write_text(MISTAKES)
    (hidden / "samples").mkdir()
    (hidden / "samples" / "right_plain.py").write_text(RIGHT)
    (hidden / "samples" / "wrong_smallest_2.py").write_text(WRONG)
    return public


def run(folder: Path) -> dict[str, Check]:
    """Run all checks on an exercise, and return them by name."""
    loaded = load_both(folder, beside(folder))
    return {check.name: check for check in checks(*loaded, secrets=3)}


def test_samples_are_graded(exercise: Path) -> None:
    """A right one has all points, a wrong one is named; a mistake here is a fault."""
    found = run(exercise)["samples"]
    assert found.faults == ()
    assert found.found.startswith("1 right one has all points, 1 wrong one is")
    assert "without one: values" in found.found
    samples = beside(exercise) / "samples"
    (samples / "right_not.py").write_text(WRONG)
    (samples / "wrong_values.py").write_text(WRONG)
    (samples / "wrong_smalest.py").write_text(WRONG)
    (samples / "wrong_smallest_3.py").write_text(RIGHT)
    faults = "\n".join(run(exercise)["samples"].faults)
    assert "right_not.py: is to be right, and is not" in faults
    assert "wrong_values.py: is to be named values, and smallest is" in faults
    assert (
        "begins with no id of misconceptions.py; did you mean smallest?"
        in faults
    )
    assert "wrong_smallest_3.py: is to be wrong, and gets all points" in faults


def test_a_property_has_to_find_something(exercise: Path) -> None:
    """It holds for the reference, and a known wrong answer breaks it."""
    hidden = beside(exercise)
    (fault,) = run(exercise)["checks"].faults
    assert (
        "check.py, line 16: as_many_as_asked: no known wrong answer breaks it"
        in fault
    )
    (hidden / "samples" / "wrong_values_too_many.py").write_text(ONE_MORE)
    assert run(exercise)["checks"].faults == ()


SPOILED = {
    "contradicts the reference": (
        "[::-1][:k].tolist()",
        "[:k].tolist()",
        "top: says 'These are not the positions of the largest scores.' of what the reference",
    ),
    "raises for what a student may return": (
        "(TypeError, ValueError, OverflowError)",
        "ValueError",
        "it has to have an answer for any value",
    ),
    "property that the reference breaks": (
        "object).size == k",
        "object).size == k + 1",
        "as_many_as_asked: does not hold for the reference",
    ),
    "property that says no truth value": (
        "return not isinstance(answer, list | np.ndarray) or",
        "return 1 if k else",
        "where True or False is meant",
    ),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_check_that_is_wrong_is_found(exercise: Path, kind: str) -> None:
    """The fault names the file, the line and the function."""
    old, put, fault = SPOILED[kind]
    assert old in CHECK
    (beside(exercise) / "check.py").write_text(CHECK.replace(old, put))
    faults = "\n".join(run(exercise)["checks"].faults)
    assert fault in faults
    assert "check.py, line" in faults


def test_a_check_that_takes_a_mistake_for_right_is_found(
    exercise: Path,
) -> None:
    """A known mistake has to lose points with every secret."""
    lenient = CHECK.replace("found != sorted(", "len(found) != len(")
    (beside(exercise) / "check.py").write_text(lenient)
    faults = "\n".join(run(exercise)["separation"].faults)
    assert "check.py: smallest gets all points with 3 of 3 secrets" in faults


@pytest.mark.parametrize("name", ["smallest", "values"])
def test_the_page_of_a_student_is_written(
    exercise: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--show writes what a student with this mistake reads, hint and all."""
    monkeypatch.chdir(exercise.parents[1])
    validate(exercise, show=name)
    page = (exercise.parents[1] / f"mine-{name}.html").read_text()
    assert "You return the" in page


def test_a_page_of_an_unknown_mistake_is_wrong_usage(exercise: Path) -> None:
    """The nearest id is named."""
    with pytest.raises(UsageError, match="did you mean smallest"):
        validate(exercise, show="smalest")


def test_a_case_that_never_ends_is_named(
    exercise: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that draws for ever is a fault with its line, in bounded time."""
    monkeypatch.setattr("grader.authoring.rehearsal._SECONDS", 3.0)
    path = beside(exercise) / "cases.py"
    path.write_text(
        f'{CASES}\n\ndef endless(student, rng):\n    "t"\n    while True: rng.normal()\n    yield\n'
    )
    with pytest.raises(ExerciseError) as caught:
        validate(exercise, secrets=2)
    (fault,) = caught.value.faults
    assert (
        "mine/cases.py, line 10: case 'endless': takes longer than 3 s" in fault
    )
