"""The hidden half records the public half that it was validated with; another one is refused."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring import validate
from grader.errors import ExerciseError, UsageError
from grader.exercise import (
    load_exercise,
    load_solutions,
    record_validation,
    require_validated,
)
from grader.exercise.record import grading_digest

ROOT = Path(__file__).parents[2]
Write = Callable[..., Path]


@pytest.fixture
def halves(write: Write) -> tuple[Path, Path]:
    """Return the public and the hidden half of an exercise that was recorded as validated."""
    public = write()
    hidden = public.parents[1] / "solutions" / "adding"
    assert (
        record_validation(load_exercise(public), hidden)
        == hidden / "validated.toml"
    )
    return public, hidden


def test_what_was_validated_is_accepted(halves: tuple[Path, Path]) -> None:
    """The record is found again, and not written a second time."""
    public, hidden = halves
    exercise = load_exercise(public)
    require_validated(exercise, hidden)
    assert load_solutions(exercise, hidden).folder == hidden
    assert record_validation(exercise, hidden) is None


def test_the_exercise_of_this_repository_has_its_record() -> None:
    """Whoever changes exercises/convolution runs `grader validate` before anybody can grade."""
    exercise = load_exercise(ROOT / "exercises" / "convolution")
    require_validated(exercise, ROOT / "solutions" / "convolution")


CHANGES = {
    "a tolerance": (
        "exercise.toml",
        'title = "Add two arrays"',
        'tolerance.atol = 1e9\ntitle = "Add two arrays"',
    ),
    "points": (
        "exercise.toml",
        'title = "Add two arrays"',
        'points = 9\ntitle = "Add two arrays"',
    ),
    "a limit": (
        "exercise.toml",
        'title = "Add two arrays"',
        'limits.call_s = 9\ntitle = "Add two arrays"',
    ),
    "a rule": (
        "exercise.toml",
        'title = "Add two arrays"',
        'rules.forbidden = ["os"]\ntitle = "Add two arrays"',
    ),
    "a preload": (
        "exercise.toml",
        'title = "Add two arrays"',
        'preload = ["evil"]\ntitle = "Add two arrays"',
    ),
    "an example": ("exercise.toml", "[[1.5, 3], [4, 5]]", "[[1.5, 3], [4, 6]]"),
    "a type": ("exercise.toml", "[[1, 2], [3, 4]]", "[[1.0, 2], [3, 4]]"),
    "a title": ("exercise.toml", "Add two arrays", "Add arrays"),
    "the stub": (
        "add.py",
        "raise NotImplementedError",
        "raise NotImplementedError()",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_decides_a_grade_is_refused(
    halves: tuple[Path, Path], change: str
) -> None:
    """Every value of exercise.toml and the stub count; the line says how to validate again."""
    public, hidden = halves
    name, old, new = CHANGES[change]
    text = (public / name).read_text()
    assert text.count(old) == 1
    (public / name).write_text(text.replace(old, new))
    with pytest.raises(ExerciseError) as caught:
        load_solutions(load_exercise(public), hidden)
    (fault,) = caught.value.faults
    assert f"run `grader validate {public} --solutions {hidden}`" in fault


def test_a_file_that_submissions_read_decides_a_grade(
    halves: tuple[Path, Path],
) -> None:
    """Its content is recorded, as the values and the stub are."""
    public, hidden = halves
    toml = public / "exercise.toml"
    toml.write_text(f"files = ['words.txt']\n{toml.read_text()}")
    (public / "words.txt").write_text("one")
    exercise = load_exercise(public)
    assert record_validation(exercise, hidden) == hidden / "validated.toml"
    require_validated(load_exercise(public), hidden)
    (public / "words.txt").write_text("two")
    with pytest.raises(
        ExerciseError, match="is not what the hidden tests were"
    ):
        require_validated(load_exercise(public), hidden)


def test_a_record_stays_true_in_later_versions() -> None:
    """The digest is over JSON with its keys in order, and without files it names none."""
    values = {"b": 1, "a": {"d": dt.date(2020, 1, 2), "c": "ü"}}
    text = '[{"a": {"c": "\\u00fc", "d": "datetime.date(2020, 1, 2)"}, "b": 1}, "x"'
    for files, end in (({}, "]"), ({"w": "0"}, ', {"w": "0"}]')):
        digest = hashlib.sha256(f"{text}{end}".encode()).hexdigest()
        assert grading_digest(values, "x", files) == f"sha256:{digest}"


def test_nothing_of_a_refused_pair_is_run(halves: tuple[Path, Path]) -> None:
    """The reference is not executed before the record was compared."""
    public, hidden = halves
    (hidden / "reference.py").write_text("raise AssertionError('it was run')\n")
    (public / "add.py").write_text(
        "def add(left, right=1):\n    raise NotImplementedError\n"
    )
    with pytest.raises(
        ExerciseError, match="is not what the hidden tests were"
    ):
        load_solutions(load_exercise(public), hidden)


def test_what_decides_no_grade_may_change(halves: tuple[Path, Path]) -> None:
    """Statement, comments, order, hints and Windows' line ends are free, as Git changes them."""
    public, hidden = halves
    (public / "README.md").write_text("A statement.\n")
    (public / "hints.npz").write_bytes(b"hints")
    (public / "picture.png").write_bytes(b"\x89PNG")
    for path in (public / "exercise.toml", public / "add.py"):
        lines = ["# A comment.", *path.read_text().splitlines(), ""]
        path.write_bytes("\r\n".join(lines[path.suffix == ".py" :]).encode())
    require_validated(load_exercise(public), hidden)


RECORDS = {
    "missing": None,
    "empty": "",
    "not TOML": "public_half",
    "another key": 'public_halves = "sha256:0"',
    "another type": "public_half = 3",
    "a folder": "",
}


@pytest.mark.parametrize("record", RECORDS)
def test_without_a_valid_record_nothing_is_graded(
    halves: tuple[Path, Path], record: str
) -> None:
    """A hidden half that was never validated, or whose record is broken, is refused."""
    public, hidden = halves
    path = hidden / "validated.toml"
    path.unlink()
    text = RECORDS[record]
    if record == "a folder":
        path.mkdir()
    elif text is not None:
        path.write_text(text)
    with pytest.raises(ExerciseError, match="has not been validated with"):
        load_solutions(load_exercise(public), hidden)


def test_the_record_of_another_exercise_does_not_count(
    halves: tuple[Path, Path],
) -> None:
    """A record holds for the values that it was made from, whoever copies it."""
    public, hidden = halves
    shutil.copy(
        ROOT / "solutions" / "convolution" / "validated.toml",
        hidden / "validated.toml",
    )
    with pytest.raises(
        ExerciseError, match="is not what the hidden tests were"
    ):
        load_solutions(load_exercise(public), hidden)


def test_the_record_is_no_part_of_a_digest(halves: tuple[Path, Path]) -> None:
    """To validate again does not make any grade out of date."""
    public, hidden = halves
    exercise = load_exercise(public)
    before = load_solutions(exercise, hidden).digest
    path = hidden / "validated.toml"
    path.write_text(f"# Another comment.\n{path.read_text()}")
    assert load_solutions(exercise, hidden).digest == before


def test_only_an_exercise_that_passes_is_recorded(
    halves: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """`validate` leaves the old record where a check fails, so that grading stays refused."""
    public, hidden = halves
    old = (hidden / "validated.toml").read_text()
    text = (public / "exercise.toml").read_text()
    (public / "exercise.toml").write_text(text.replace("[4, 5]", "[4, 6]"))
    with pytest.raises(ExerciseError, match="example"):
        validate(public, secrets=1)
    assert (hidden / "validated.toml").read_text() == old
    assert "validated.toml" not in capsys.readouterr().out


def test_a_record_that_cannot_be_written_is_one_line(
    halves: tuple[Path, Path],
) -> None:
    """A folder in the way is wrong usage, and names the file."""
    public, hidden = halves
    (hidden / "validated.toml").unlink()
    (hidden / "validated.toml").mkdir()
    with pytest.raises(UsageError, match=r"validated\.toml"):
        record_validation(load_exercise(public), hidden)
    gone = hidden / "gone"
    with pytest.raises(UsageError, match=r"cannot be written \(No such file"):
        record_validation(load_exercise(public), gone)
