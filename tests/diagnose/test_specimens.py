"""Submissions made of an author's wrong answers: each does what the wrong answer does."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.diagnose import submission_source
from grader.model import Exercise, Method, Parameter, Target

TEXT = '''
def scaled(x, y=2, *, power=1):
    """You scale."""
    return x * y * power

class Counter__down:
    """You count down."""
    def __init__(self, start): self.n = start
    def add(self, x): self.n -= x; return self.n

class Counter__lazy:
    def __init__(self, start): self.n = start
    def add(self, x): return self.n

def Counter(start):
    """You count down."""
    return Counter__down(start)

def forgets(start):
    """You forget where you began."""
    return Counter__down(0)

ANSWERS = {"f": (scaled,), "Counter": (Counter, Counter__down)}
WHOLE = {forgets: lambda answer: True, Counter__lazy: lambda answer: True}
'''
REFERENCE = """
def f(x, y=2, *, power=1):
    return (x + y) ** power

class Counter:
    def __init__(self, start): self.n = start
    def add(self, x): self.n += x; return self.n
"""
F = Target(
    name="f",
    parameters=(
        Parameter(name="x"),
        Parameter(name="y", optional=True, default="2"),
        Parameter(name="power", optional=True, default="1", by_name_only=True),
    ),
)
COUNTER = Target(
    name="Counter",
    is_class=True,
    parameters=(Parameter(name="start"),),
    methods=(Method(name="add", parameters=(Parameter(name="x"),)),),
)


def handed_in(
    bench: Any,
    folder: Path,
    name: str,
    text: str = TEXT,
    targets: tuple[Target, ...] = (F, COUNTER),
) -> dict[str, Any]:
    """Return what a submission with this misconception defines."""
    (folder / "misconceptions.py").write_text(text, "utf-8")
    (folder / "reference.py").write_text(REFERENCE, "utf-8")
    exercise: Exercise = msgspec.structs.replace(
        bench.exercise,
        folder=folder,
        function=targets[0].name,
        arguments=tuple(each.name for each in targets[0].parameters),
        targets=targets,
    )
    namespace: dict[str, Any] = {}
    source = submission_source(folder, exercise, name)
    exec(source, namespace)  # noqa: S102 - our own text
    return namespace


def test_a_wrong_function_stands_beside_what_is_right(
    bench: Any, tmp_path: Path
) -> None:
    """It takes what the stub's takes, defaults and names too; the class is the reference's."""
    names = handed_in(bench, tmp_path, "scaled")
    assert names["f"](5) == 10
    assert names["f"](5, 3, power=2) == 30
    assert names["Counter"](4).add(3) == 7
    assert isinstance(names["Counter"], type)


@pytest.mark.parametrize(
    ("name", "added"),
    [("Counter", 1), ("Counter__down", 1), ("forgets", -3)],
)
def test_a_wrong_class_stands_beside_what_is_right(
    bench: Any, tmp_path: Path, name: str, added: int
) -> None:
    """A class, or a function that makes an object, stands in for the class it is wrong about."""
    names = handed_in(bench, tmp_path, name)
    assert names["Counter"](4).add(3) == added
    assert names["f"](5, 3, power=2) == 64


def test_a_class_that_a_predicate_proves_stands_in_for_a_class(
    bench: Any, tmp_path: Path
) -> None:
    """Not for the first function of the stub."""
    names = handed_in(bench, tmp_path, "Counter__lazy")
    assert names["Counter"](4).add(3) == 4
    assert names["f"](5, 3) == 8


ONE = Target(name="f", parameters=(Parameter(name="x"),))


def using(body: str, evidence: str) -> str:
    """Return a file of an author whose one wrong answer is this, beside what it may use."""
    return f'''
import math

LIMIT = 3

def _cut(x):
    return min(x, LIMIT)

def wrong(x):
    """Wrong."""
    {body}

WHOLE = {{wrong: {evidence!r}}}
'''


@pytest.mark.parametrize(
    "body",
    [
        "return _cut(math.floor(x))",
        "return min([LIMIT, math.floor(x)])",
        "return [_cut(each) for each in [math.floor(x)]][0]",
    ],
)
def test_what_an_answer_uses_is_handed_in_with_it(
    bench: Any, tmp_path: Path, body: str
) -> None:
    """Functions and constants of the author's file, also those that an inner loop uses."""
    text = using(body, "returned a list")
    names = handed_in(bench, tmp_path, "wrong", text, (ONE,))
    assert names["f"](2.5) == 2
    assert names["f"](7.5) == 3


def test_an_answer_that_uses_nothing_is_handed_in_alone(
    bench: Any, tmp_path: Path
) -> None:
    """With the imports, and under the name that is asked for: as a student would write it."""
    text = using("return math.floor(x)", "returned a list")
    names = handed_in(bench, tmp_path, "wrong", text, (ONE,))
    assert names["f"](2.5) == 2
    assert "wrong" not in names
    assert "LIMIT" not in names


def test_a_global_that_is_read_by_mistake_is_missing(
    bench: Any, tmp_path: Path
) -> None:
    """Such a mistake shows only where nothing else defines the name."""
    text = using("return x + LIMIT", "reads a global")
    names = handed_in(bench, tmp_path, "wrong", text, (ONE,))
    with pytest.raises(NameError, match="LIMIT"):
        names["f"](2.5)


def test_another_name_is_kept(bench: Any, tmp_path: Path) -> None:
    """Where the name is what is wrong, the submission does not define the exercise's function."""
    text = using("return x", "another name")
    names = handed_in(bench, tmp_path, "wrong", text, (ONE,))
    assert names["wrong"](2.5) == 2.5
    assert "f" not in names


def test_a_name_that_the_file_does_not_have_is_refused(
    bench: Any, tmp_path: Path
) -> None:
    """It is never taken for another one."""
    with pytest.raises(KeyError, match="nothing_of_the_kind"):
        handed_in(bench, tmp_path, "nothing_of_the_kind")
