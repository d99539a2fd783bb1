"""Which exercise a submission means: what it defines is compared with what the stubs ask for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exercise.choice import (
    public_half_for_class,
    public_half_to_check,
    public_half_to_grade,
)
from tests.exercise.conftest import TO_DO

Defined = Mapping[str, Sequence[str]] | Collection[str]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a folder for a course."""
    return tmp_path


def add(course: Path, name: str, stub: str) -> None:
    """Add an exercise of which only the stub has been written."""
    public, hidden = (
        course / half / name for half in ("exercises", "solutions")
    )
    for folder in (public, hidden):
        folder.mkdir(parents=True)
    (public / "exercise.toml").touch()
    (public / "stub.py").write_text(stub)
    (hidden / "cases.py").touch()


def meant(course: Path, *handed_in: Defined) -> str:
    """Return the exercise that what was handed in means."""
    solutions = course / "solutions"
    if len(handed_in) == 1:
        found = public_half_to_grade(None, solutions, lambda: handed_in[0])
        assert found == course / "exercises" / found.name
        return found.name
    return public_half_for_class(None, solutions, lambda: handed_in).name


def refusal(found: Callable[[], object]) -> str:
    """Return the line with which something is refused."""
    with pytest.raises(UsageError) as caught:
        found()
    return str(caught.value)


def test_the_only_one_is_meant_whatever_is_defined(course: Path) -> None:
    """The submission is not even read; without any, the line names the usual one."""

    def asked() -> Defined:
        raise AssertionError

    solutions = course / "solutions"
    solutions.mkdir()
    line = refusal(lambda: public_half_to_grade(None, solutions, asked))
    assert (
        line == f"{solutions}: holds no convolution/reference.py (--solutions)"
    )
    add(course, "one", f"def one(x):\n{TO_DO}")
    assert public_half_to_grade(None, solutions, asked).name == "one"
    assert public_half_to_grade("one", solutions, asked).name == "one"
    assert public_half_to_grade(Path("a/b"), solutions, asked) == Path("a/b")


STUBS = {
    "plain": f"def mean(x):\n{TO_DO}",
    "weighted": f"def mean(x, weights, axis=0, keep=False):\n{TO_DO}",
    "layer": f"class Layer:\n    def forward(self, x):\n    {TO_DO}\ndef mean(y):\n{TO_DO}",
    "later": f"if True:\n    async  def later(x): pass\ndef now(x):\n{TO_DO}",
}


@pytest.mark.parametrize(
    ("defined", "exercise"),
    [
        ({"mean": ("x",)}, "plain"),
        ({"mean": ("x", "weights")}, "weighted"),
        ({"mean": ("x", "weights", "axis")}, "weighted"),
        ({"mean": ("x", "weights", "axis", "keep")}, "weighted"),
        ({"mean": ("weights",)}, "weighted"),
        ({"mean": ("x", "axis", "keep")}, "weighted"),
        ({"mean": ("x", "keep")}, "plain"),
        ({"mean": ("y",), "other": ("x",)}, "plain"),
        ({"mean": ("y",), "Layer": ("x",)}, "layer"),
        ({"Layer": ("x",)}, "layer"),
        ({"mean": ("x",), "Layer": ()}, "layer"),
        (("mean", "Layer"), "layer"),
        ({"now": ()}, "later"),
        (("now", "mean"), None),
        (("mean",), None),
        ((), None),
        (("forward",), None),
        (("later",), None),
    ],
)
def test_what_is_defined_says_which_is_meant(
    course: Path, defined: Defined, exercise: str | None
) -> None:
    """All that is asked for, then how much of it, then parameters; else nothing is guessed."""
    for name, stub in STUBS.items():
        add(course, name, stub)
    if exercise is None:
        assert "say which is meant" in refusal(lambda: meant(course, defined))
    else:
        assert meant(course, defined) == exercise


def test_most_of_a_class_decides(course: Path) -> None:
    """A file that defines nothing has no vote; with as many for one as for another, none wins."""
    for name in ("a", "b", "c"):
        add(course, name, f"def {name}(x):\n{TO_DO}")
    none: tuple[str, ...] = ()
    assert meant(course, ("a",), ("b",), ("b",), none, none, none) == "b"
    assert (
        meant(course, ("a", "b"), ("a", "b"), ("c",), ("a",), ("a",), ("a",))
        == "a"
    )
    line = refusal(lambda: meant(course, ("a",), ("b",), ("x",)))
    assert line == (
        f"{course / 'solutions'}: the submission defines the functions of a, b; say which is "
        "meant: --exercise NAME"
    )
    line = refusal(lambda: meant(course, none, ("x",)))
    assert line == (
        f"{course / 'solutions'}: there are several exercises: a, b, c; say which is meant: "
        "--exercise NAME"
    )


def test_convolution_is_meant_where_it_stays_open(course: Path) -> None:
    """Among those that fit, or where none does; one that fits alone comes first."""
    add(course, "add", f"def f(x):\n{TO_DO}\ndef g(x):\n{TO_DO}")
    add(course, "convolution", f"def f(x):\n{TO_DO}\ndef h(x):\n{TO_DO}")
    assert meant(course, ("f",)) == "convolution"
    assert meant(course, ("x",)) == "convolution"
    assert meant(course, ("g",)) == "add"
    assert meant(course, ("f", "g")) == "add"


@pytest.mark.parametrize(
    ("number", "listed"),
    [
        (2, "e0, e1;"),
        (5, "e0, e1, e2, e3, e4;"),
        (6, "e0, e1, e2, e3, e4 and 1 more;"),
        (8, "e0, e1, e2, e3, e4 and 3 more;"),
    ],
)
def test_five_of_many_are_listed(
    course: Path, number: int, listed: str
) -> None:
    """The line is no catalogue."""
    for name in range(number):
        add(course, f"e{name}", f"def same(x):\n{TO_DO}")
    assert f"several exercises: {listed} say" in refusal(
        lambda: meant(course, ())
    )
    assert f"the functions of {listed} say" in refusal(
        lambda: meant(course, ("same",))
    )


def test_a_stub_that_cannot_be_read_asks_for_nothing(course: Path) -> None:
    """It is told when the exercise is loaded, and hinders no other."""
    add(course, "broken", "def mean(x):\n    return (\n")
    add(course, "plain", STUBS["plain"])
    assert meant(course, ("mean",)) == "plain"


def test_checking_goes_by_place(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is given is taken as it stands; else the exercises from where one stands count."""
    monkeypatch.chdir(course)
    add(course, "mine", f"def mine(x):\n{TO_DO}")
    assert public_half_to_check("x y") == "x y"
    assert public_half_to_check(Path("x")) == Path("x")
    found = public_half_to_check(None, lambda: ("mine",))
    assert found == course / "exercises" / "mine"
    # Of this checkout, since none is defined here.
    assert Path(public_half_to_check(None)).name == "convolution"
