"""How fast notebooks are graded, with full isolation, against nbclient, nbgrader and otter-grader.

All programs grade the same notebooks with the same number of processes, one program after the other
in one run, and judge four sizes with three inputs each. Stock nbclient is used as its documentation
shows it: a fresh ipykernel for each notebook, and an appended cell that calls the function and
compares.

    python benchmarks/notebooks.py [--count 20] [--jobs 2] [--others PYTHON]

`--others` names the Python of an environment with nbgrader, otter-grader, numpy and matplotlib;
programs that are missing are left out. nbgrader and otter-grader go through a course in one
process: their time of one process is all that they take, divided by the notebooks.
"""

import argparse
import concurrent.futures
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
LOOPS = """def convolve(image, kernel):
    h, w = image.shape
    p, q = kernel.shape
    out = np.zeros((h - p + 1, w - q + 1))
    for i in range(h - p + 1):
        for j in range(w - q + 1):
            out[i, j] = np.sum(image[i:i + p, j:j + q] * kernel)
    return out
"""
FLIPPED = LOOPS.replace("* kernel)", "* kernel[::-1, ::-1])")
PLAIN = [
    "import numpy as np",
    "{function}",
    "print(convolve(np.eye(5), np.ones((3, 3))))",
]
PLOTS = [
    "%matplotlib inline\nimport numpy as np\nimport matplotlib.pyplot as plt",
    "image = np.random.rand(32, 32)\nplt.imshow(image)\nplt.show()",
    "{function}",
    (
        "result = convolve(image, np.ones((3, 3)) / 9)\n"
        "plt.imshow(result)\nplt.title('blurred')\nplt.show()"
    ),
]
FAILING = [
    "import numpy as np\nimport not_installed_here",
    "image = open('cat.png').read()",
    "{function}",
    "convolve(image, image)",
]
WRONG = 2
STYLES = (PLAIN, PLOTS, PLOTS, FAILING)
TESTS = """
import numpy as np
def reference(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum('ijab,ab->ij', windows, kernel)
rng = np.random.default_rng(1)
for shape in ((8, 8), (12, 10), (10, 10), (12, 8)):
    for _ in range(3):
        image, kernel = rng.random(shape), rng.random((3, 3))
        assert np.allclose(convolve(image, kernel), reference(image, kernel))
"""


class Row(NamedTuple):
    """One line of the table."""

    name: str
    per_notebook: float
    """Seconds of one process."""
    start: float
    """Seconds until the first notebook is graded."""
    right: int
    """How many notebooks got all points."""


def sources(index: int) -> list[str]:
    """Return the code cells of one student's notebook; every third function is wrong."""
    function = FLIPPED if index % 3 == WRONG else LOOPS
    cells = [
        cell.format(function=function) for cell in STYLES[index % len(STYLES)]
    ]
    return [*cells, f"# notebook {index}"]


def as_notebook(cells: Sequence[str]) -> dict[str, Any]:
    """Return a notebook of these code cells."""
    found = [
        {
            "cell_type": "code",
            "id": f"cell-{n}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": cell,
        }
        for n, cell in enumerate(cells)
    ]
    kernel = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel},
        "cells": found,
    }


# ------------------------------------------------------------------------- in processes of our own


def grade_here(index: int) -> bool:
    """Grade one notebook as `grader grade` does; the first call starts the template."""
    grader, parse = _grader()
    submission = parse(
        f"{index}.ipynb",
        json.dumps(as_notebook(sources(index))).encode(),
        grader.exercise,
    )
    report = grader.grade(submission)
    if report.isolation.level != "full":
        raise SystemExit(
            f"isolation is only {report.isolation.level} here: the comparison would not be fair"
        )
    return report.score == report.max_score


_kept: list[Any] = []


def _grader() -> tuple[Any, Callable[..., Any]]:
    if not _kept:
        from grader.api import open_grader
        from grader.submission import parse_submission

        context = open_grader(
            ROOT / "exercises" / "convolution", secret=b"benchmark"
        )
        _kept.extend((context.__enter__(), parse_submission, context))
    return _kept[0], _kept[1]


def run_stock(index: int) -> bool:
    """Run one notebook with nbclient in a fresh kernel, and look at the last cell."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.from_dict(as_notebook([*sources(index), TESTS]))
    NotebookClient(
        notebook,
        timeout=60,
        allow_errors=True,
        kernel_name="python3",
        extra_arguments=["--log-level=40"],
    ).execute()
    kinds = [output["output_type"] for output in notebook.cells[-1]["outputs"]]
    return "error" not in kinds


def in_processes(
    name: str, grade: Callable[[int], bool], count: int, jobs: int
) -> Row:
    """Let processes grade the notebooks; each has graded one before the clock runs."""
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        jobs, mp_context=context
    ) as pool:
        start = time.perf_counter()
        list(pool.map(grade, range(1000, 1000 + jobs)))
        begin = time.perf_counter()
        right = sum(pool.map(grade, range(count)))
        took = time.perf_counter() - begin
    return Row(name, took * jobs / count, begin - start, right)


# ---------------------------------------------------------------------------------- other programs

OTTER_TEST = """
OK_FORMAT = False
from otter.test_files import test_case
name = "q1"
points = 4
@test_case(points=4)
def test_convolve(env):
    globals()['convolve'] = env['convolve']
{body}
"""
OTTER = """
import glob, sys, time
from otter.api import grade_submission
paths = sorted(glob.glob('subs/*.ipynb'))
right, start = 0, time.perf_counter()
for path in paths:
    results = grade_submission(path, 'autograder.zip', quiet=True)
    right += results.total == results.possible
print('RESULT', time.perf_counter() - start, right)
"""


def run_nbgrader(python: str, count: int) -> Row | None:
    """Let nbgrader autograde a course in one call."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        (course / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'c'\n"
        )
        _nbgrader_course(course, count)
        nbgrader = [python, "-m", "nbgrader"]
        if (
            _call([*nbgrader, "generate_assignment", "ps1", "--force"], course)
            is None
        ):
            return None
        start = time.perf_counter()
        if _call([*nbgrader, "autograde", "ps1"], course) is None:
            return None
        took = time.perf_counter() - start
        import sqlite3

        with sqlite3.connect(course / "gradebook.db") as book:
            right = book.execute(
                "select count(*) from grade where auto_score > 0"
            ).fetchone()[0]
    return Row("nbgrader autograde, one call", took / count, 0.0, right)


def _nbgrader_course(course: Path, count: int) -> None:
    def cell(source: str, number: int, **says: object) -> dict[str, Any]:
        made = as_notebook([source])["cells"][0]
        about = {
            "schema_version": 3,
            "locked": False,
            "solution": False,
            "grade": False,
            "task": False,
            **says,
        }
        return {
            **made,
            "id": f"n{number}",
            "metadata": {"nbgrader": about} if says else {},
        }

    def write(path: Path, cells: list[str]) -> None:
        made = [cell(source, n) for n, source in enumerate(cells)]
        at = next(
            n for n, source in enumerate(cells) if "def convolve" in source
        )
        made[at] = cell(cells[at], at, grade_id="solution", solution=True)
        made.append(
            cell(TESTS, 99, grade_id="tests", grade=True, locked=True, points=4)
        )
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({**as_notebook([]), "cells": made}))

    write(
        course / "source" / "ps1" / "convolution.ipynb",
        ["import numpy as np", LOOPS],
    )
    for index in range(count):
        write(
            course / "submitted" / f"s{index:04}" / "ps1" / "convolution.ipynb",
            sources(index),
        )


def run_otter(python: str, count: int) -> Row | None:
    """Let otter grade every notebook in one process, through its API."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "tests").mkdir()
        (home / "subs").mkdir()
        body = "\n".join("    " + line for line in TESTS.splitlines())
        (home / "tests" / "q1.py").write_text(OTTER_TEST.format(body=body))
        for index in range(count):
            (home / "subs" / f"{index:04}.ipynb").write_text(
                json.dumps(as_notebook(sources(index)))
            )
        options = ["-t", "tests", "-o", "autograder.zip", "--no-environment"]
        made = _call([python, "-m", "otter", "generate", *options], home)
        said = _call([python, "-c", OTTER], home) if made is not None else None
    for line in (said or "").splitlines():
        if line.startswith("RESULT"):
            _, seconds, right = line.split()
            name = "otter-grader, one process"
            return Row(name, float(seconds) / count, 0.0, int(right))
    return None


def _call(command: list[str], folder: Path) -> str | None:
    """Run a program and return its output; None where it is missing or fails."""
    environment = {
        **os.environ,
        "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return done.stdout
    print(
        f"left out: {' '.join(command[:4])[:80]}: {done.stderr.strip()[-400:]}",
        file=sys.stderr,
    )
    return None


# ------------------------------------------------------------------------------------------- table


def table(rows: Sequence[Row], count: int) -> str:
    """Return the rows as a table, with how many times faster the first is."""
    lines = [
        (
            "| program | s a notebook (one process) | this project is | first notebook after "
            "| full marks |"
        ),
        "|---|---|---|---|---|",
    ]
    for row in rows:
        ratio = ""
        if row is not rows[0]:
            ratio = f"{row.per_notebook / rows[0].per_notebook:.1f} x as fast"
        start = f"{row.start:.1f} s" if row.start else ""
        marks = f"{row.right} of {count}"
        cells = (row.name, f"{row.per_notebook:.3f}", ratio, start, marks)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--count",
        type=int,
        default=20,
        help="notebooks for each program (this project gets ten times as many)",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--others",
        metavar="PYTHON",
        help="Python of the environment that has nbgrader and otter-grader",
    )
    options = parser.parse_args()
    several = options.count * 10
    ours = in_processes(
        "this project, full isolation", grade_here, several, options.jobs
    )
    rows: list[Row | None] = [
        ours._replace(right=round(ours.right / 10)),
        in_processes(
            "stock nbclient, fresh ipykernel",
            run_stock,
            options.count,
            options.jobs,
        ),
    ]
    if options.others:
        rows += [
            run_nbgrader(options.others, options.count),
            run_otter(options.others, options.count),
        ]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{options.count} notebooks, {options.jobs} jobs, {machine}\n")
    print(table([row for row in rows if row], options.count))


if __name__ == "__main__":
    main()
