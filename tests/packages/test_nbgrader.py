"""A course in nbgrader, with nbgrader itself in an environment of its own.

One course is autograded once; the tests ask its database, its feedback and its log.
"""

import copy
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.exercise import load_exercise
from grader.packaging.artifacts import package
from grader.platforms.nbgrader.artifact import with_markers

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "convolution"
SOLUTIONS = ROOT / "solutions"
NBGRADER = "nbgrader==0.9.6"
Notebook = dict[str, Any]
Done = subprocess.CompletedProcess[str]


class Course(NamedTuple):
    """A course folder, and the environment in which its nbgrader runs."""

    folder: Path
    python: Path
    environment: dict[str, str]

    def nbgrader(self, *arguments: str, **more: str) -> Done:
        """Run a command of nbgrader in the course."""
        return subprocess.run(
            [str(self.python), "-m", "nbgrader", *arguments],
            cwd=self.folder,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )

    def points(self) -> dict[str, float | None]:
        """Return student -> points of the grade cell, as nbgrader's database has them."""
        question = (
            "select student.id, grade.auto_score from grade "
            "join submitted_notebook on grade.notebook_id = submitted_notebook.id "
            "join submitted_assignment on "
            "submitted_notebook.assignment_id = submitted_assignment.id "
            "join student on submitted_assignment.student_id = student.id"
        )
        with sqlite3.connect(self.folder / "gradebook.db") as database:
            return dict(database.execute(question).fetchall())

    def hand_in(self, student: str, notebook: Notebook) -> None:
        """Put a notebook where nbgrader looks for what a student handed in."""
        where = self.folder / "submitted" / student / "convolution"
        where.mkdir(parents=True, exist_ok=True)
        (where / "convolution.ipynb").write_text(json.dumps(notebook))


def read(path: Path) -> Notebook:
    """Return a notebook with the source of each cell as one text."""
    notebook: Notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def with_code(released: Notebook, source: str) -> Notebook:
    """Return the released notebook with an answer in the cell for it."""
    notebook = copy.deepcopy(released)
    cell_of(notebook, "convolve")["source"] = source
    return notebook


def cell_of(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    """Return the cell of a notebook that has an id of nbgrader."""
    (cell,) = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    ]
    found: dict[str, Any] = cell
    return found


def forged(released: Notebook, source: str) -> Notebook:
    """Return a notebook with every lie that its file can tell."""
    notebook = with_code(released, source)
    test = cell_of(notebook, "grade-convolution")
    full = {
        "data": {"text/plain": "4.0"},
        "execution_count": 1,
        "metadata": {},
        "output_type": "execute_result",
    }
    test["outputs"] = [full]
    test["source"] = test["source"].replace("convolution", "easier")
    test["metadata"]["nbgrader"]["points"] = 400
    again = copy.deepcopy(test)
    again["metadata"]["nbgrader"]["grade_id"] = "mine"
    again["id"] = "mine"
    notebook["cells"] += [again]
    return notebook


@pytest.fixture(scope="module")
def course(
    tmp_path_factory: pytest.TempPathFactory, submissions: dict[str, str]
) -> Iterator[Course]:
    """Return a course whose students have been autograded."""
    home = tmp_path_factory.mktemp("nbgrader")
    artifact = package(
        "nbgrader", load_exercise(EXERCISE), SOLUTIONS, home / "artifact"
    )
    python = _environment(home, artifact)
    folder = home / "course"
    shutil.copytree(artifact / "source", folder / "source")
    shutil.copy(artifact / "nbgrader_config.py", folder)
    made = Course(
        folder,
        python,
        {
            "PATH": f"{python.parent}:/usr/bin:/bin",
            "HOME": str(home),
            "GRADER_SOLUTIONS": str(SOLUTIONS),
            "GRADER_SECRET": "the-secret-of-this-course",
        },
    )
    done = made.nbgrader("generate_assignment", "convolution")
    assert done.returncode == 0, done.stderr
    released = read(folder / "release" / "convolution" / "convolution.ipynb")
    canary = home / "canary"
    for student, source in submissions.items():
        trap = f"open({str(canary)!r}, 'w').close()\n"
        made.hand_in(student, with_code(released, trap + source))
    made.hand_in("empty", released)
    made.hand_in("forger", forged(released, submissions["wrong"]))
    deleted = with_code(released, submissions["wrong"])
    deleted["cells"] = deleted["cells"][:-1]
    copied = with_code(released, submissions["right"])
    copied["cells"].append(copy.deepcopy(copied["cells"][-1]))
    copied["cells"][-1]["id"] = "copy"
    made.hand_in("copier", copied)
    made.hand_in("deleter", deleted)
    done = made.nbgrader("autograde", "convolution")
    assert done.returncode == 0, done.stderr
    assert not canary.exists()
    yield made
    shutil.rmtree(home / "venv", ignore_errors=True)


def _environment(home: Path, artifact: Path) -> Path:
    """Return the Python of a new environment with nbgrader and the artifact's wheel."""
    python = home / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet"]
    (wheel,) = (artifact / "wheels").glob("*.whl")
    done = subprocess.run(
        [*install, NBGRADER, str(wheel)],
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return python


def test_the_released_notebook_asks_for_the_function(course: Course) -> None:
    """Nbgrader keeps the `def` and its docstring, and takes nothing else for the solution."""
    path = course.folder / "release" / "convolution" / "convolution.ipynb"
    cell = cell_of(read(path), "convolve")
    assert "def convolve(image, kernel):" in cell["source"]
    assert "# YOUR CODE HERE" in cell["source"]
    assert "SOLUTION" not in cell["source"]


def test_points_are_those_of_the_grader(course: Course) -> None:
    """Right code has all points; wrong, broken, hostile, forged and missing code has none."""
    points = course.points()
    points.pop("unlucky", None)  # another test's
    assert points == {
        "right": 4.0,
        "wrong": 0.0,
        "broken": 0.0,
        "hostile": 0.0,
        "empty": 0.0,
        "forger": 0.0,
        "deleter": 0.0,
        "copier": 4.0,
    }


def test_feedback_says_why(course: Course) -> None:
    """The page that nbgrader makes for a student has the finding and the hint, and no error."""
    done = course.nbgrader("generate_feedback", "convolution")
    assert done.returncode == 0, done.stderr
    page = (
        course.folder / "feedback" / "{}" / "convolution" / "convolution.html"
    )
    wrong = Path(str(page).format("wrong")).read_text("utf-8")
    assert "turned by 180 degrees" in wrong
    assert "None of the 4 cases passed" in wrong
    broken = Path(str(page).format("broken")).read_text("utf-8")
    assert "Python cannot read this line" in broken
    assert "<b>image</b>" not in broken


def test_a_fault_of_ours_keeps_the_old_grade(course: Course) -> None:
    """Without the hidden half nothing is graded, nbgrader says so, and the points stay."""
    before = course.points()
    done = course.nbgrader(
        "autograde",
        "convolution",
        "--student=right",
        "--force",
        GRADER_SOLUTIONS=str(course.folder),
    )
    assert done.returncode != 0
    assert "There was an error processing assignment" in done.stderr
    assert course.points() == before


def test_without_the_three_lines_nobody_gets_points(course: Course) -> None:
    """A course that forgot the configuration gives no full points to a notebook that it runs."""
    config = course.folder / "nbgrader_config.py"
    kept = config.read_text("utf-8")
    config.write_text("", "utf-8")
    try:
        path = course.folder / "release" / "convolution" / "convolution.ipynb"
        course.hand_in("unlucky", read(path))
        done = course.nbgrader("autograde", "convolution", "--student=unlucky")
        assert done.returncode == 0, done.stderr
        assert course.points()["unlucky"] == 0.0
    finally:
        config.write_text(kept, "utf-8")
        shutil.rmtree(course.folder / "submitted" / "unlucky")


def test_other_tests_are_not_given_full_points(course: Course) -> None:
    """A test cell that would need student code beside it is refused, and names the fix."""
    script = (
        "import json, sys\n"
        "from grader.nbgrader import grade\n"
        "about = {'grade': True, 'solution': False, 'locked': True, 'grade_id': 'mine',\n"
        "         'points': 1}\n"
        "cell = {'cell_type': 'code', 'source': 'assert convolve', 'outputs': [],\n"
        "        'metadata': {'nbgrader': about}}\n"
        "about = {'student': 's', 'notebook': 'n'}\n"
        "grade({'cells': [cell]}, {'nbgrader': about})\n"
    )
    done = subprocess.run(
        [str(course.python), "-c", script],
        env=course.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "s, n.ipynb: the cell 'mine' has tests that would run" in done.stderr


@pytest.mark.parametrize(
    ("stub", "kept"),
    [
        (
            'def f(x):\n    """Do."""\n    ...\n',
            'def f(x):\n    """Do."""\n    ### BEGIN SOLUTION\n    ...\n    ### END SOLUTION',
        ),
        (
            'def f(x):\n    """Do."""\n',
            (
                'def f(x):\n    """Do."""\n    ### BEGIN SOLUTION\n'
                "    raise NotImplementedError\n    ### END SOLUTION"
            ),
        ),
        (
            "def f(x):\n    pass\n\nprint(1)\n",
            "def f(x):\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n\nprint(1)",
        ),
    ],
)
def test_markers_stand_around_the_body(stub: str, kept: str) -> None:
    """Any stub gets nbgrader's markers inside its function, below the docstring."""
    assert with_markers(stub, "f") == kept
