"""What one submission costs: warm, apart from the student's own calls, and from a cold start.

The naive script (`naive.py`) runs in a fresh process on the same file, with one worker each. All
runs take turns, so that a busy machine disturbs them alike; the figures are medians. From cold the
measure is `import numpy`, which two interpreters have to do. What isolation alone costs:
`isolation.py`.

    python benchmarks/single.py [--rounds 30]
"""

import argparse
import compileall
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import grader
from grader.cases import Secret
from grader.execution import Runner, open_runner
from grader.exercise import find_solutions, load_exercise, load_solutions
from grader.grading import Grader
from grader.submission import parse_submission

HERE = Path(__file__).parent
LOOPED = """\
import numpy as np


def convolve(image, kernel):
    h, w = image.shape
    p, q = kernel.shape
    out = np.zeros((h - p + 1, w - q + 1))
    for i in range(h - p + 1):
        for j in range(w - q + 1):
            out[i, j] = np.sum(image[i:i + p, j:j + q] * kernel)
    return out
"""
WARM_TIMES = 5
"""One warm grading is short: five of them take as long as a breath of the scheduler."""

Times = Mapping[str, list[float]]


class Warm:
    """Grades a file over and over, and notes what the student's own calls take."""

    def __init__(self, path: Path, runner: Runner) -> None:
        exercise = load_exercise("convolution")
        hidden = load_solutions(exercise, find_solutions(exercise))
        self._exercise = exercise
        self._path = path
        self._grader = Grader(
            exercise, hidden, Secret(b"benchmark", "file"), runner
        )
        self.calls: list[float] = []
        """Seconds of the student's calls, for each grading."""

    def grade(self) -> None:
        """Grade the file, each time with another last line: no two submissions are the same.

        Whatever is not right would make the figures worthless.
        """
        data = self._path.read_bytes() + b"# %d\n" % len(self.calls)
        submission = parse_submission(self._path.name, data, self._exercise)
        report = self._grader.grade(submission)
        if report.score != report.max_score:
            raise SystemExit(f"not full marks: {report.message}")
        self.calls.append(sum(case.duration_s for case in report.cases))


def program(*arguments: str) -> Callable[[], object]:
    """Return a call that runs Python with these arguments to its end.

    As an installation would, it finds the grader compiled.
    """
    variables = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE"
    }
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(
        command, check=True, capture_output=True, cwd=HERE.parent, env=variables
    )


def measure(runs: Mapping[str, Callable[[], object]], rounds: int) -> Times:
    """Run everything in turns, and return the seconds that each run took."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            for _ in range(WARM_TIMES if name == "warm" else 1):
                start = time.perf_counter()
                run()
                times[name].append(time.perf_counter() - start)
    return times


def rows(times: Times, calls: list[float]) -> list[tuple[str, str, str, str]]:
    """Return the rows of the table."""
    median = {
        name: statistics.median(values) * 1e3 for name, values in times.items()
    }
    naive, numpy = median["naive"], median["numpy"]
    own = statistics.median(calls) * 1e3
    apart_each = [
        taken - call for taken, call in zip(times["warm"], calls, strict=True)
    ]
    apart = statistics.median(apart_each) * 1e3
    warm = [
        (
            "warm, all in",
            f"{median['warm']:.1f} ms",
            f"naive {naive:.0f} ms",
            f"{naive / median['warm']:.1f} x as fast",
        ),
        (
            f"warm, apart from the student's calls ({own:.1f} ms)",
            f"{apart:.1f} ms",
            f"naive {naive:.0f} ms",
            f"{naive / apart:.1f} x as fast",
        ),
    ]
    cold = [
        (
            f"`grader {command} FILE` from cold",
            f"{median[command]:.0f} ms",
            f"`import numpy` {numpy:.0f} ms",
            f"{median[command] / numpy:.2f} x its time",
        )
        for command in ("grade", "check")
    ]
    return [*warm, *cold]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    compileall.compile_dir(Path(grader.__file__).parent, quiet=1)
    exercise = load_exercise("convolution")
    # What `grader trust` would have written down: the commands need no option.
    os.environ["GRADER_SOLUTIONS"] = str(HERE.parent / "solutions")
    with (
        tempfile.TemporaryDirectory() as folder,
        open_runner(exercise, solutions=find_solutions(exercise)) as runner,
    ):
        path = Path(folder) / "looped.py"
        path.write_text(LOOPED, "utf-8")
        warm = Warm(path, runner)
        runs: dict[str, Callable[[], object]] = {
            "warm": warm.grade,
            "naive": program(str(HERE / "naive.py"), str(path)),
            "grade": program("-m", "grader", "grade", str(path)),
            "check": program("-m", "grader", "check", str(path)),
            "numpy": program("-c", "import numpy"),
        }
        for run in runs.values():
            run()
        warm.calls.clear()
        times = measure(runs, rounds)
        level = runner.isolation.level
    python = f"Python {platform.python_version()}, {platform.system()}"
    print(f"{os.cpu_count()} cores, {python}, isolation {level}\n")
    print("| measure | this project | against | ratio |\n|---|---|---|---|")
    for row in rows(times, warm.calls):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
