"""What one submission costs: warm, all in, apart from the student's own calls, and from a cold start.

Against the naive script in a fresh process on the same file, one worker each, in turns so that a
busy machine disturbs all alike. The figures are medians. What isolation alone costs:
`isolation.py`.

    python benchmarks/single.py [--rounds 30]
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from grader.cases import Secret
from grader.execution import open_runner
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


def seconds(run: Callable[[], object]) -> float:
    """Time one call."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def process(*command: str) -> Callable[[], object]:
    """Give a call that runs a program to its end."""
    return lambda: subprocess.run(
        [sys.executable, *command], check=True, capture_output=True, cwd=HERE.parent
    )


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    exercise = load_exercise("convolution")
    hidden = load_solutions(exercise, find_solutions(exercise))
    secret = Secret(b"benchmark", "file")
    with (
        tempfile.TemporaryDirectory() as folder,
        open_runner(exercise, solutions=hidden.folder) as runner,
    ):
        path = Path(folder) / "looped.py"
        path.write_text(LOOPED)
        grader = Grader(exercise, hidden, secret, runner)
        calls: list[float] = []
        times: dict[str, list[float]] = {
            "full": [],
            "naive": [],
            "cold": [],
            "numpy": [],
        }

        def grade() -> None:
            report = grader.grade(
                parse_submission("looped.py", path.read_bytes(), exercise)
            )
            if report.score != report.max_score:
                raise SystemExit(f"not full marks: {report.message}")
            calls.append(sum(case.duration_s for case in report.cases))

        runs: dict[str, Callable[[], object]] = {
            "full": grade,
            "naive": process(str(HERE / "naive.py"), str(path)),
            "cold": process("-m", "grader", "grade", str(path)),
            "numpy": process("-c", "import numpy"),
        }
        for run in runs.values():
            run()
        calls.clear()
        for _ in range(rounds):
            for name, run in runs.items():
                # One grading is short: five of them are as long as a breath of the scheduler.
                for _ in range(5 if name == "full" else 1):
                    times[name].append(seconds(run))
        level = runner.isolation.level
    median = {name: statistics.median(values) * 1000 for name, values in times.items()}
    own = statistics.median(calls) * 1000
    apart = (
        statistics.median(
            all_in - call for all_in, call in zip(times["full"], calls, strict=True)
        )
        * 1000
    )
    rows = (
        (
            "warm, all in",
            f"{median['full']:.1f} ms",
            f"naive {median['naive']:.0f} ms",
            ratio(median, median["full"]),
        ),
        (
            f"warm, apart from the student's calls ({own:.1f} ms)",
            f"{apart:.1f} ms",
            "naive",
            ratio(median, apart),
        ),
        (
            "`grader grade FILE` from cold",
            f"{median['cold']:.0f} ms",
            f"`import numpy` {median['numpy']:.0f} ms",
            f"{median['cold'] / median['numpy']:.1f} x its time",
        ),
    )
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}, isolation {level}\n"
    )
    print("| measure | this project | against | ratio |\n|---|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def ratio(median: Mapping[str, float], ours: float) -> str:
    """Say how many times faster than the naive script this project is."""
    return f"{median['naive'] / ours:.1f} x as fast"


if __name__ == "__main__":
    main()
