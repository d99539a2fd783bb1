"""How fast a whole class is graded, and in how much memory, against what courses use.

All programs grade the same class with the same number of jobs, one program after the other in one
run. Each makes the same number of calls (four sizes, three inputs each) and compares with a
reference. This project is started as a user starts it, `grader grade FOLDER`, so the time includes
its start, reports, pages, gradebook and summary; isolation is full. The others only write a score,
without isolation, diagnosis or a time limit.

    python benchmarks/class.py [--count 200] [--jobs 2] [--others PYTHON]     the table
    python benchmarks/class.py --curve 10 100 1000 10000 [--jobs 2]           several sizes

`--others` names the Python of an environment with gradescope-utils, check50, nbgrader and
otter-grader, numpy and matplotlib; programs that are missing are left out.
"""

import argparse
import concurrent.futures
import contextlib
import functools
import importlib.util
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, Self

import psutil

HERE = Path(__file__).parent


class Row(NamedTuple):
    """One line of the table."""

    name: str
    count: int
    seconds: float
    """Wall clock, for all submissions."""
    peak_mb: float
    """Of all processes together, shared pages counted once."""
    right: int
    cpu_seconds: float = 0.0
    """Of all processes together; it hardly depends on what else the machine does."""


class Memory:
    """Samples the memory of this process's children while something runs."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Self:
        """Begin to sample."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop sampling."""
        self._end.set()
        self._thread.join()

    def _sample(self) -> None:
        me = psutil.Process()
        # Seldom: adding up a process's pages stops it for a millisecond, which would be measured.
        while not self._end.wait(0.5):
            total = 0
            for child in me.children(recursive=True):
                with contextlib.suppress(psutil.Error, OSError):
                    total += child.memory_full_info().pss
            self.peak = max(self.peak, total / 2**20)


def measured(name: str, count: int, run: Callable[[], int]) -> Row:
    """Run something and return its line."""
    with Memory() as memory:
        begin, cpu = time.perf_counter(), cpu_of_children()
        right = run()
        took, used = time.perf_counter() - begin, cpu_of_children() - cpu
    return Row(name, count, took, memory.peak, right, used)


def cpu_of_children() -> float:
    """Return the CPU seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def full_marks(out: Path) -> int:
    """Return the number of full marks, from the summary."""
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    if set(summary["isolation"]) != {"full"}:
        raise SystemExit(
            f"isolation was {summary['isolation']}: the comparison would not be fair"
        )
    return int(summary["scores"]["full_marks"])


def run_grader(folder: Path, out: Path, jobs: int) -> int:
    """Grade a folder as a user does."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "grader",
        "grade",
        str(folder),
        "--solutions",
        str(HERE.parent / "solutions"),
        "--output",
        str(out),
        "--jobs",
        str(jobs),
    ]
    subprocess.run(
        command, check=True, stderr=subprocess.DEVNULL, cwd=HERE.parent
    )
    return full_marks(out)


def run_each(
    files: Sequence[Path], jobs: int, grade: Callable[[Path], bool]
) -> int:
    """Grade each file with a process of its own, `jobs` at a time."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return sum(pool.map(grade, files))


def naive(path: Path) -> bool:
    """Run the naive script in a fresh process."""
    command = [sys.executable, str(HERE / "naive.py"), str(path)]
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=60
        )
        return done.stdout.endswith("4 of 4\n")
    return False


def neighbour(name: str) -> ModuleType:
    """Load another file of this folder, which is not a package."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None  # noqa: S101 - for mypy
    assert spec.loader is not None  # noqa: S101 - as above
    module = importlib.util.module_from_spec(spec)
    # Processes that get its functions by name must find it too.
    sys.modules[name] = module
    sys.path.append(str(HERE))
    spec.loader.exec_module(module)
    return module


def python_rows(
    place: Path, count: int, jobs: int, others: str | None, *, looped: bool
) -> list[Row]:
    """Measure .py submissions: the mix of a class, or plain looped right solutions."""
    neighbour("generate").write(place / "class", count, looped=looped)
    neighbour("generate").write(place / "many", count * 10, looped=looped)
    files = sorted((place / "class").glob("*.py"))
    rows = [
        measured(
            "this project, full isolation",
            count * 10,
            lambda: run_grader(place / "many", place / "out", jobs),
        ),
        measured(
            "naive script, fresh processes",
            count,
            lambda: run_each(files, jobs, naive),
        ),
    ]
    programs = neighbour("other_programs")
    for name, module, program in (
        (
            "gradescope-utils, fresh processes",
            "gradescope_utils",
            programs.gradescope,
        ),
        ("check50", "check50", programs.check50),
    ):
        if others is not None and programs.installed(others, module):
            with program(others) as grade:
                run = functools.partial(run_each, files, jobs, grade)
                rows.append(measured(name, count, run))
    return rows


def notebook_rows(
    place: Path, count: int, jobs: int, others: str | None
) -> list[Row]:
    """Measure notebooks, with the class of `notebooks.py`."""
    books = neighbour("notebooks")
    for index in range(count * 5):
        text = json.dumps(books.as_notebook(books.sources(index)))
        (place / "books").mkdir(exist_ok=True)
        (place / "books" / f"s{index:05}.ipynb").write_text(text)
    rows = [
        measured(
            "this project, full isolation",
            count * 5,
            lambda: run_grader(place / "books", place / "bout", jobs),
        ),
        measured(
            "stock nbclient, fresh ipykernel",
            count,
            lambda: books.in_processes("", books.run_stock, count, jobs).right,
        ),
    ]
    for name, run in (
        ("nbgrader autograde, one call", books.run_nbgrader),
        ("otter-grader, one process", books.run_otter),
    ):
        row = run(others, count) if others is not None else None
        if row is not None:
            # One process, whatever the number of jobs: so many such calls run side by side.
            seconds = row.per_notebook * count / jobs
            rows.append(Row(name, count, seconds, 0.0, row.right))
    return rows


def table(rows: Sequence[Row], jobs: int) -> str:
    """Return the rows as a table, with how many times faster the first is."""
    lines = [
        (
            "| program | submissions | s each (one job) | this project is | CPU ms each "
            "| peak memory | full marks |"
        ),
        "|---|---|---|---|---|---|---|",
    ]
    per = [row.seconds * jobs / row.count for row in rows]
    for row, each in zip(rows, per, strict=True):
        ratio = f"{each / per[0]:.1f} x as fast" if row is not rows[0] else ""
        memory = f"{row.peak_mb:.0f} MB" if row.peak_mb else ""
        cpu = (
            f"{row.cpu_seconds / row.count * 1000:.1f}"
            if row.cpu_seconds
            else ""
        )
        share = f"{row.right / row.count:.0%}"
        cells = (row.name, row.count, f"{each:.4f}", ratio, cpu, memory, share)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def curve(sizes: Sequence[int], jobs: int) -> str:
    """Grade classes of several sizes; for large ones compare the first thousand with the last."""
    lines = [
        (
            "| submissions | wall clock | a second | CPU ms each | peak memory "
            "| last 1000 against first, time | rerun |"
        ),
        "|---|---|---|---|---|---|---|",
    ]
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            neighbour("generate").write(place / "class", size)
            run = functools.partial(
                run_grader, place / "class", place / "out", jobs
            )
            row = measured("", size, run)
            begin = time.perf_counter()
            run()
            again = time.perf_counter() - begin
            stamps = sorted(
                path.stat().st_mtime
                for path in (place / "out" / "reports").glob("*.json")
            )
        drift = ""
        if size >= 3000:  # noqa: PLR2004 - three thousands
            drift = f"{(stamps[-1] - stamps[-1001]) / (stamps[1000] - stamps[0]):.2f}"
        cells = (
            str(size),
            f"{row.seconds:.1f} s",
            f"{size / row.seconds:.0f}",
            f"{row.cpu_seconds / size * 1000:.1f}",
            f"{row.peak_mb:.0f} MB",
            drift,
            f"{again:.1f} s",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--count",
        type=int,
        default=200,
        help="submissions for each other program (this one: ten times)",
    )
    parser.add_argument(
        "--notebooks",
        type=int,
        default=20,
        help="notebooks for each other program (this one: five times)",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--others",
        metavar="PYTHON",
        help="Python of the environment that has the other programs",
    )
    parser.add_argument(
        "--curve",
        type=int,
        nargs="+",
        metavar="N",
        help="grade classes of these sizes instead",
    )
    options = parser.parse_args()
    python = f"Python {platform.python_version()}, {platform.system()}"
    print(f"{options.jobs} jobs, {os.cpu_count()} cores, {python}")
    if options.curve:
        print(f"\n{curve(options.curve, options.jobs)}")
        return
    with tempfile.TemporaryDirectory() as name:
        for title, looped in (
            ("a class with its mistakes", False),
            ("plain looped right solutions", True),
        ):
            place = Path(name) / title
            rows = python_rows(
                place,
                options.count,
                options.jobs,
                options.others,
                looped=looped,
            )
            print(f"\n.py, {title}\n\n{table(rows, options.jobs)}", flush=True)
        if options.notebooks:
            rows = notebook_rows(
                Path(name), options.notebooks, options.jobs, options.others
            )
            print(f"\nnotebooks\n\n{table(rows, options.jobs)}", flush=True)


if __name__ == "__main__":
    main()
