"""The reference of the format is made from the records that the grader reads."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from grader.exercise import load_both

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "exercise.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    """Return the fenced blocks of a kind."""
    return re.findall(
        rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE
    )


def test_the_page_is_current() -> None:
    """`python .ci/exercise_format.py` writes it, and would write the same again."""
    script = ROOT / ".ci" / "exercise_format.py"
    done = subprocess.run(
        [sys.executable, "-P", str(script), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_no_placeholder_and_no_key_without_a_meaning_is_left() -> None:
    """Each key says what it is for."""
    assert "{{" not in PAGE.replace("{{ ", "")
    assert not re.findall(r"^\|.*\|  \|$", PAGE, re.MULTILINE)


def test_what_the_page_shows_is_valid(tmp_path: Path) -> None:
    """Its stub, its example, its cases, mistakes and checks are files that the grader reads."""
    stub, cases, mistakes, checks = blocks("python")
    (example,) = blocks("toml")
    assert tomllib.loads(example)
    for source in (stub, cases, mistakes, checks):
        compile(source, "page", "exec")
    public, hidden = tmp_path / "exercises" / "x", tmp_path / "solutions" / "x"
    public.mkdir(parents=True)
    hidden.mkdir(parents=True)
    linear = (
        "\n\nclass Linear:\n    def __init__(self, weights, bias):\n        {0}\n"
        "    def forward(self, x):\n        {0}\n    def backward(self, gradient):\n        {0}\n"
        "\n\ndef convolve(image, kernel, stride=1, padding=0):\n    {0}\n"
    )
    write = "raise NotImplementedError"
    (public / "x.py").write_text(stub + linear.format(write))
    solved = stub.replace(
        'raise NotImplementedError("Replace this line with your code.")',
        "return 0",
    )
    (hidden / "reference.py").write_text(solved + linear.format("return None"))
    (public / "exercise.toml").write_text(f'title = "x"\n{example}')
    (hidden / "cases.py").write_text(cases)
    (hidden / "misconceptions.py").write_text(mistakes)
    exercise, solutions = load_both(public, hidden)
    assert [target.name for target in exercise.targets] == [
        "softmax",
        "Linear",
        "convolve",
    ]
    assert solutions.script is not None
    assert [case.points for case in solutions.script.cases] == [2.0, 1.0]


@pytest.mark.parametrize(
    "word", ["FEW_INPUTS", "--mutants", "samples", "NotImplementedError"]
)
def test_the_page_has_what_an_author_looks_for(word: str) -> None:
    """A word that an author meets elsewhere is explained here."""
    assert word in PAGE
