"""The hints of the exercises that ship: a question first, no number that is not in the picture."""

import json
import re
from pathlib import Path

import pytest

from grader.diagnose.load import load_catalogue
from grader.diagnose.public import FILE, read_tables
from grader.exercise import load_exercise
from grader.exercise.reading import load_solutions

ROOT = Path(__file__).parents[2]
NAMES = sorted(
    path.parent.name for path in ROOT.glob("exercises/*/exercise.toml")
)
GENERAL = {"0", "1", "2", "180", "255"}
"""Numbers that are about the matter: ends of ranges, axes, powers, a half turn, uint8."""
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


@pytest.mark.parametrize("name", NAMES)
def test_each_hint_begins_with_a_question(name: str) -> None:
    """Every misconception asks before it tells, in one sentence or two, and does not repeat it."""
    exercise = load_exercise(ROOT / "exercises" / name)
    solutions = load_solutions(exercise, ROOT / "solutions" / name)
    catalogue = load_catalogue(exercise, solutions)
    for hint in catalogue.hints(catalogue.texts):
        assert hint.question.endswith("?"), hint.misconception
        assert len(hint.question.split()) <= 32, hint.misconception
        assert hint.question not in hint.text


@pytest.mark.parametrize("name", NAMES)
def test_no_hint_has_a_number_of_its_own(name: str) -> None:
    """A number in a hint would be taken for one of the picture beside it."""
    exercise = load_exercise(ROOT / "exercises" / name)
    solutions = load_solutions(exercise, ROOT / "solutions" / name)
    catalogue = load_catalogue(exercise, solutions)
    texts = [
        f"{hint.question} {hint.text}"
        for hint in catalogue.hints(catalogue.texts)
    ]
    texts += catalogue.causes.effects.values()
    for text in texts:
        assert set(NUMBER.findall(text)) <= GENERAL, text


@pytest.mark.parametrize("name", NAMES)
def test_students_have_the_same_hints(name: str) -> None:
    """hints.npz, which students get, has the texts and the questions of misconceptions.py."""
    exercise = load_exercise(ROOT / "exercises" / name)
    solutions = load_solutions(exercise, ROOT / "solutions" / name)
    catalogue = load_catalogue(exercise, solutions)
    about, _ = read_tables(exercise.folder / FILE)
    assert about["texts"] == json.loads(json.dumps(catalogue.texts))
    assert about["causes"]["questions"] == catalogue.causes.questions
