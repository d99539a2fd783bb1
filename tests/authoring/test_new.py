"""A new exercise works before its author changes anything, and changes nothing under grader/."""

from pathlib import Path

import pytest

from grader.authoring import new, validate
from grader.errors import UsageError
from grader.exercise import load_exercise


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_exercise_validates(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `grader new` makes passes `grader validate`, misconceptions included."""
    lines = new("far-away")
    assert "made exercises/far-away/exercise.toml" in lines
    validate("far-away", secrets=20)
    first, *out, last = capsys.readouterr().out.splitlines()
    folders = [here / half / "far-away" for half in ("exercises", "solutions")]
    assert first == f"{folders[0]} with {folders[1]}"
    assert len(out) == 13
    assert all(line.startswith("ok ") for line in out)
    assert last == "wrote far-away/validated.toml"
    assert {path.name for path in here.iterdir()} == {"exercises", "solutions"}


def test_a_new_exercise_bears_the_name_that_was_asked_for(here: Path) -> None:
    """Title, function, stub and every text use the new name, and none a template's."""
    lines = new("moving-average")
    assert "made exercises/moving-average/moving_average.py" in lines
    exercise = load_exercise("moving-average")
    assert exercise.title == "Moving average"
    assert exercise.function == "moving_average"
    assert "def moving_average(points, centres):" in exercise.stub
    files = [path for path in here.rglob("*") if path.is_file()]
    assert len(files) == 6
    for path in files:
        text = path.read_text()
        assert "$" not in text
        assert "distances(" not in text
        assert path.name == "cases.toml" or "moving_average" in text


@pytest.mark.parametrize(
    "name", ["for", "class", "np", "numpy", "float", "transposed", "points"]
)
def test_a_name_that_the_new_code_cannot_bear_is_refused(
    here: Path, name: str
) -> None:
    """A keyword, or a name that the template's own code uses, would not work as a function."""
    with pytest.raises(UsageError, match="cannot be the name of the function"):
        new(name)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("name", ["distances", "sum", "match", "x_y-z", "a1"])
def test_an_unusual_name_works(here: Path, name: str) -> None:
    """Soft keywords, built-in functions and underscores are fine: the exercise validates."""
    assert new(name)
    validate(name, secrets=1)
    assert (
        here / "exercises" / name / f"{name.replace('-', '_')}.py"
    ).is_file()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../x",
        "a/b",
        "A",
        "1a",
        "a b",
        "-a",
        "a--b",
        ".",
        "a\n",
        "x" * 51,
        "convolve()",
    ],
)
def test_an_invalid_name_is_wrong_usage(here: Path, name: str) -> None:
    """Names become folders, columns and arguments: small letters, digits and single dashes."""
    with pytest.raises(UsageError, match="is not a valid exercise name"):
        new(name)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("half", ["exercises", "solutions"])
def test_nothing_that_exists_is_overwritten(here: Path, half: str) -> None:
    """If one half exists, the other is not made."""
    (here / half / "mine").mkdir(parents=True)
    (here / half / "mine" / "reference.py").write_text("precious")
    with pytest.raises(UsageError, match="exists already"):
        new("mine")
    assert [path.name for path in here.rglob("*") if path.is_file()] == [
        "reference.py"
    ]


def test_a_folder_that_cannot_be_made_is_one_line(here: Path) -> None:
    """A file in the way is wrong usage, and nothing is left behind."""
    (here / "solutions").write_text("a file")
    with pytest.raises(UsageError, match=r"exists already|cannot be made"):
        new("mine")
    assert not list((here / "exercises").iterdir())


SIGNATURES = {
    "arrays": ("softmax(logits)",),
    "defaults": ("f(x: np.ndarray, *, k: int = 3, mode='a', m=None) -> float",),
    "text": ("words(text)",),
    "generator": ("dropout(x, p, rng)",),
    "class": ("Linear(weights, bias): forward(x), backward(gradient)",),
    "several": (
        "sigmoid(x)",
        "count(words: list[str], k: int)",
        "Bag(x): take(n)",
    ),
    "nothing": ("answer()",),
}


@pytest.mark.parametrize("kind", SIGNATURES)
def test_an_exercise_for_a_signature_validates_as_it_is(
    here: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stub, reference, cases, examples and a mistake fit together, whatever is to be written."""
    new("mine", functions=SIGNATURES[kind])
    validate("mine", secrets=2)
    assert "FAILED" not in capsys.readouterr().out
    exercise = load_exercise("mine")
    names = [text.partition("(")[0] for text in SIGNATURES[kind]]
    assert [target.name for target in exercise.targets] == names
    assert exercise.title == "Mine"
    assert exercise.file == "mine.py"
    assert here.is_dir()


@pytest.mark.parametrize(
    ("signature", "fault"),
    [
        ("", "is not a signature"),
        ("softmax", "is not a signature"),
        ("softmax(", "is not a signature"),
        ("f(x): g", "is not a signature"),
        ("f(x):", "has no method after the colon"),
        ("f(*x)", "parameters with * or **"),
        ("f(x): pass; import os", "is not a signature"),
        ("def f(x)", "is not a signature"),
        ("f(x, x)", "has two parameters x"),
        ("np(x)", "a name that the new exercise's own code uses"),
        ("sum(x)", "would hide Python's own sum"),
    ],
)
def test_what_is_no_signature_is_one_line(
    here: Path, signature: str, fault: str
) -> None:
    """It says how one is written, and leaves nothing behind."""
    with pytest.raises(UsageError) as caught:
        new("mine", functions=(signature,))
    assert fault in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(here.iterdir()) == []


def test_a_function_is_given_once(here: Path) -> None:
    """Two signatures of one name are a slip."""
    with pytest.raises(UsageError, match="f is there twice"):
        new("mine", functions=("f(x)", "f(y)"))
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("signature", "is_imported"),
    [("tokenize(text)", False), ("f(x)", True), ("draw(count: int)", False)],
)
def test_numpy_is_imported_where_an_argument_is_an_array(
    here: Path, signature: str, is_imported: bool
) -> None:
    """An import that nothing uses would be the first thing that a linter finds."""
    name = signature.partition("(")[0]
    new(name, functions=(signature,))
    for path in (
        here / "exercises" / name / f"{name}.py",
        here / "solutions" / name / "reference.py",
    ):
        assert ("import numpy as np" in path.read_text()) == is_imported
