"""`grader new --from` takes an exercise over from what courses have, and says what it could not."""

import ast
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from grader.authoring import new, validate
from grader.errors import UsageError


def cell(kind: str, text: str, **more: Any) -> dict[str, Any]:
    """Return one cell of a notebook."""
    base = {"cell_type": kind, "metadata": {}, "source": text}
    return {**base, **more}


def shown(text: str) -> list[dict[str, Any]]:
    """Return the saved outputs of a cell that shows a value."""
    data = {"text/plain": text}
    return [{"output_type": "execute_result", "data": data, "metadata": {}}]


def write(folder: Path, *cells: dict[str, Any]) -> Path:
    """Write a notebook of these cells."""
    path = folder / "solution.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}))
    return path


SOFTMAX = '''def softmax(logits, scale=1):
    """Return the softmax of each row."""
    shifted = helper(logits)
    ### BEGIN SOLUTION
    powers = np.exp(scale * shifted)
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION
'''
NBGRADER = (
    cell("markdown", "# Softmax\n\nWrite it."),
    cell("code", "%matplotlib inline\nimport numpy as np\nimport matplotlib"),
    cell("code", "SHIFT = 0\ndef helper(x):\n    return x - x.max() + SHIFT"),
    cell("code", SOFTMAX),
    cell("code", "softmax(np.eye(2))"),
    cell(
        "code",
        "x = np.array([[0.0, 0.0]])\n"
        "assert np.allclose(softmax(x), [[0.5, 0.5]])\n"
        "np.testing.assert_allclose(softmax(np.array([[1., 2.]])), [[0.269, 0.731]], atol=1e-3)\n"
        "assert softmax(x).shape == (1, 2)\n"
        "for k in range(3):\n    assert softmax(np.eye(k)).sum() == k\n"
        "### BEGIN HIDDEN TESTS\n"
        "assert np.allclose(softmax(np.array([[900., 900.]]), scale=2), 0.5)\n"
        "### END HIDDEN TESTS\n",
        metadata={"nbgrader": {"grade": True, "solution": False}},
    ),
    cell("code", "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION"),
)
OTTER = (
    cell("raw", "# ASSIGNMENT CONFIG\nname: hw"),
    cell("markdown", "# Homework\n\n**Question 1** Write `square`."),
    cell("raw", "# BEGIN QUESTION\nname: q1"),
    cell("raw", "# BEGIN SOLUTION"),
    cell(
        "code",
        "def square(x):\n"
        '    """ # BEGIN PROMPT\n    ...\n    """ # END PROMPT\n'
        "    y = x * x # SOLUTION NO PROMPT\n"
        "    return y # SOLUTION\n",
    ),
    cell(
        "code",
        "def words(text):\n    # BEGIN SOLUTION\n    return text.split()\n    # END SOLUTION",
    ),
    cell("raw", "# END SOLUTION"),
    cell("raw", "# BEGIN TESTS"),
    cell("code", "square(3)", outputs=shown("9")),
    cell("code", "# HIDDEN\nsquare(2.5) == 6.25", outputs=shown("True")),
    cell(
        "code", "def test_words(words):\n    assert words('a B') == ['a', 'B']"
    ),
    cell("raw", "# END TESTS"),
    cell("raw", "# END QUESTION"),
)


def taken(folder: Path, *cells: dict[str, Any]) -> tuple[dict[str, str], str]:
    """Take a notebook over; return the files by name, and what was said."""
    lines = new("mine", folder, taken_from=write(folder, *cells))
    files = {
        path.name: path.read_text()
        for half in ("exercises", "solutions")
        for path in (folder / half / "mine").iterdir()
    }
    for name, text in files.items():
        if name.endswith(".py"):
            ast.parse(text)
    return files, "\n".join(lines)


def test_what_nbgrader_marks_becomes_an_exercise(tmp_path: Path) -> None:
    """Statement, stub, reference and examples come from the marks, and no solution is public."""
    files, said = taken(tmp_path, *NBGRADER)
    assert "Write it." in files["README.md"]
    assert "np.exp" not in files["mine.py"]
    assert "def helper(x):\n    return x" in files["mine.py"]
    assert "SHIFT = 0" in files["mine.py"]
    assert "    # shifted = helper(logits)\n    raise" in files["mine.py"]
    assert "matplotlib" not in files["reference.py"]
    assert "SOLUTION" not in "".join(files.values())
    first, second = tomllib.loads(files["exercise.toml"])["example"]
    assert first["inputs"] == {"logits": [[0.0, 0.0]]}
    assert first["expected"] == [[0.5, 0.5]]
    # The test has three digits; the example has those of the notebook's solution.
    assert second["expected"][0][0] == pytest.approx(0.2689414214)
    assert "900.0" not in files["exercise.toml"]
    assert (
        "softmax(np.array([[900.0, 900.0]], dtype='float64'), scale=2)"
        in (files["cases.py"])
    )
    assert 'FEW_INPUTS = ("hidden_tests",)' in files["cases.py"]
    assert "cell 7, line 2: `answer = 42` is marked as solution" in said
    assert "cell 6, line 4: `softmax(x).shape` is more than a call" in said
    assert "cell 6, line 5: a test inside a `for` block" in said


def test_what_otter_marks_becomes_an_exercise(tmp_path: Path) -> None:
    """Raw cells, marked lines, prompts, saved results and test functions are understood."""
    files, _ = taken(tmp_path, *OTTER)
    stub = files["mine.py"]
    assert stub.count("raise NotImplementedError") == 2
    assert "x * x" not in stub
    assert "PROMPT" not in "".join(files.values())
    assert "    y = x * x\n    return y\n" in files["reference.py"]
    examples = tomllib.loads(files["exercise.toml"])["example"]
    assert [each["expected"] for each in examples] == [9, ["a", "B"]]
    assert "student.square(2.5)" in files["cases.py"]
    assert "# Homework" in files["README.md"]


def test_a_cell_that_nbgrader_calls_a_solution_needs_no_marks(
    tmp_path: Path,
) -> None:
    """Without marks, the whole cell is what students write."""
    marked = {"nbgrader": {"grade": False, "solution": True}}
    files, said = taken(
        tmp_path,
        cell("code", "def double(x):\n    return 2 * x", metadata=marked),
    )
    assert "2 * x" not in files["mine.py"]
    (example,) = tomllib.loads(files["exercise.toml"])["example"]
    assert example["expected"] == [[2.0, 4.0], [6.0, 8.0]]
    assert "made up and computed: check it by hand" in example["title"]
    assert "1 example" in said


def test_a_file_with_cells_is_taken_over(tmp_path: Path) -> None:
    """A .py file may have `# %%` cells; its text cells are the statement."""
    path = tmp_path / "solution.py"
    path.write_text(
        "# %% [markdown]\n# # Doubling\n# Write it.\n# %%\n"
        "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n"
        "# %%\nassert double(2) == 4\n"
    )
    new("mine", tmp_path, taken_from=path)
    folder = tmp_path / "exercises" / "mine"
    assert (
        (folder / "README.md").read_text().startswith("# Doubling\nWrite it.")
    )
    (example,) = tomllib.loads((folder / "exercise.toml").read_text())[
        "example"
    ]
    assert (example["inputs"], example["expected"]) == ({"x": 2}, 4)


def test_without_marks_the_author_names_the_function(tmp_path: Path) -> None:
    """`--function` says what students write; helpers are given to them."""
    path = write(
        tmp_path,
        cell(
            "code",
            "def a(x):\n    return x + 1\ndef b(x):\n    return a(x) * 2",
        ),
    )
    new("mine", tmp_path, functions=("b",), taken_from=path)
    stub = (tmp_path / "exercises" / "mine" / "mine.py").read_text()
    assert "return x + 1" in stub
    assert "a(x) * 2" not in stub


def test_a_class_keeps_the_methods_that_are_given(tmp_path: Path) -> None:
    """In a class, what has no mark stays as it is."""
    text = (
        "class Layer:\n"
        "    def __init__(self, w):\n        self.w = w\n"
        "    def forward(self, x):\n"
        "        ### BEGIN SOLUTION\n        return x @ self.w\n        ### END SOLUTION\n"
    )
    files, said = taken(tmp_path, cell("code", text))
    assert "self.w = w" in files["mine.py"]
    assert "x @ self.w" not in files["mine.py"]
    assert "made = student.Layer(" in files["cases.py"]
    assert "an example of Layer: write one into exercise.toml" in said


def test_a_solution_that_hangs_or_raises_does_not_stop_the_take_over(
    tmp_path: Path,
) -> None:
    """The test's own value is kept, and the author is told to look."""
    text = "def f(x):\n    ### BEGIN SOLUTION\n    import os; os._exit(3)\n    ### END SOLUTION"
    files, said = taken(
        tmp_path, cell("code", text), cell("code", "assert f(1) == 5")
    )
    (example,) = tomllib.loads(files["exercise.toml"])["example"]
    assert example["expected"] == 5
    assert "the notebook's solution ends its process with status 3" in said


BAD = {
    "no marks": ("def f(x):\n    return x", "no function has a solution"),
    "not closed": (
        "def f(x):\n    ### BEGIN SOLUTION\n    return x",
        "cell 1, line 2: BEGIN SOLUTION has no END SOLUTION",
    ),
    "not opened": (
        "def f(x):\n    return x\n    ### END SOLUTION",
        "cell 1, line 3: END SOLUTION has no BEGIN SOLUTION",
    ),
    "nested": (
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION",
        "cell 1, line 2: BEGIN SOLUTION inside another one",
    ),
    "no Python": (
        "def f(x):\n    ### BEGIN SOLUTION\n    return (x\n    ### END SOLUTION",
        "cell 1, line 3: Python cannot read the solution",
    ),
    "stars": (
        "def f(*x):\n    return x # SOLUTION",
        "parameters with * or ** cannot be tested",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_notebook_that_cannot_be_taken_over_is_one_line(
    tmp_path: Path, name: str
) -> None:
    """It names the file, the place and the fix, and nothing is left behind."""
    source, fault = BAD[name]
    path = write(tmp_path, cell("code", source))
    with pytest.raises(UsageError) as caught:
        new("mine", tmp_path, taken_from=path)
    assert fault in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"cells": 3}', b"\xff\xfe", b"[" * 100_000]
)
@pytest.mark.parametrize("suffix", [".ipynb", ".py"])
def test_a_damaged_file_is_one_line(
    tmp_path: Path, content: bytes, suffix: str
) -> None:
    """Whatever the file holds, the author reads one line that names it."""
    path = tmp_path / f"solution{suffix}"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        new("mine", tmp_path, taken_from=path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """A missing file and a folder are wrong usage."""
    for path in (tmp_path / "nowhere.ipynb", tmp_path):
        with pytest.raises(UsageError, match="--from takes a notebook"):
            new("mine", tmp_path, taken_from=path)


@pytest.mark.parametrize(
    "about",
    [{"kernelspec": {"language": "R"}}, {"language_info": {"name": "julia"}}],
)
def test_a_notebook_in_another_language_is_called_so(
    tmp_path: Path, about: dict[str, Any]
) -> None:
    """Its marks are the same, and its code means nothing to Python."""
    source = "f <- function(x) {\n    ### BEGIN SOLUTION\n    'x'\n    ### END SOLUTION\n}"
    path = tmp_path / "solution.ipynb"
    cells = [cell("code", source)]
    path.write_text(
        json.dumps({"nbformat": 4, "metadata": about, "cells": cells})
    )
    with pytest.raises(UsageError, match="only Python can be taken over"):
        new("mine", tmp_path, taken_from=path)


def test_a_whole_number_without_an_example_is_drawn_small(
    tmp_path: Path,
) -> None:
    """It may be how often something is done: a list of a million would be too much to send."""
    source = "def squares(n):\n    return [i * i for i in range(n)] # SOLUTION"
    new("mine", tmp_path, taken_from=write(tmp_path, cell("code", source)))
    text = (tmp_path / "solutions/mine/cases.py").read_text()
    assert "student.squares(int(rng.integers(1, 100)))" in text
    validate("mine", tmp_path / "solutions", secrets=3)


def test_a_result_that_no_example_can_have_is_told(tmp_path: Path) -> None:
    """The author reads what it was, and for which function."""
    source = "def odd(n):\n    return {1, n} # SOLUTION"
    _, said = taken(tmp_path, cell("code", source))
    assert (
        "not taken over: an example of odd: no test writes one out, and for made-up arguments: "
        "a value of the type set has no form there; write one into exercise.toml"
    ) in said
