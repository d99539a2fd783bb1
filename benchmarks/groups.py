"""A class with five unknown mistakes planted: are all five found, and what does it cost.

    python benchmarks/groups.py            500 submissions
    python benchmarks/groups.py 5000       on a quiet machine

Each mistake is made by one in a hundred, in two styles. The class is graded with grouping and
without it, in turns; the best time of each counts.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from unittest import mock

from grader.batch import grade_batch
from grader.cases import Secret
from grader.exercise import load_exercise

ROOT = Path(__file__).parents[1]
LOOPS = """import numpy as np


def convolve(image, kernel):
    rows, columns = image.shape[0] - 2, image.shape[1] - 2
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i:i + 3, j:j + 3] * kernel){each}
    {last}
"""
SHIFTS = """import numpy as np


def convolve(image, kernel):
    n, m = np.array(image.shape) - 2
    out = np.zeros((n, m))
    for a in range(3):
        for b in range(3):
            out = out + image[a:a + n, b:b + m] * kernel[a, b]
    i, j = np.indices(out.shape)
    out = out{each}
    {last}
"""
KNOWN = (
    ("", "return out"),
    ("", "return np.abs(out)"),
    ("", "return out / 9"),
)
UNKNOWN = (
    (" + i * 7 - j", "return out"),
    ("", "return out ** 2 / 3"),
    ("", "return np.sort(out, axis=1)"),
    ("", "return out - out.mean()"),
    ("", "return out[99]"),
)
SHARE = 100
"""One submission of so many makes each of the unknown mistakes."""
ROUNDS = 2


def write_class(folder: Path, size: int) -> dict[str, int]:
    """Write the submissions; return which of the unknown mistakes each of the planted makes."""
    planted = {}
    for number in range(size):
        mistake = number % SHARE
        name = f"s{number:05}.py"
        if mistake < len(UNKNOWN):
            each, last = UNKNOWN[mistake]
            planted[name] = mistake
        else:
            each, last = KNOWN[number % len(KNOWN)]
        style = (LOOPS, SHIFTS)[number // SHARE % 2]
        text = style.format(each=each, last=last)
        (folder / name).write_text(f"{text}# {number}\n")
    return planted


def graded(folder: Path, *, grouping: bool) -> tuple[float, list[list[str]]]:
    """Grade the class; return the seconds, and the students of each group."""
    exercise = load_exercise(ROOT / "exercises" / "convolution")
    explained = mock.patch(
        "grader.classbook.behaviour.is_unexplained", return_value=False
    )
    with tempfile.TemporaryDirectory() as out:
        begin = time.perf_counter()
        # Grading processes are forks of this one, so they see the same.
        with explained if not grouping else mock.MagicMock():
            grade_batch(
                [folder],
                exercise=exercise,
                solutions=ROOT / "solutions" / "convolution",
                secret=Secret(b"groups", "file"),
                output=Path(out) / "out",
                progress=False,
            )
        seconds = time.perf_counter() - begin
        summary = json.loads((Path(out) / "out" / "summary.json").read_text())
    return seconds, [group["students"] for group in summary["unexplained"]]


def graded_apart(
    folder: Path, *, grouping: bool
) -> tuple[float, list[list[str]]]:
    """Return the same, from a process that has no threads yet, so that it can still fork."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()

    def run() -> None:
        theirs.send(graded(folder, grouping=grouping))

    process = context.Process(target=run)
    process.start()
    theirs.close()
    answer: tuple[float, list[list[str]]] = ours.recv()
    process.join()
    return answer


def main() -> int:
    """Grade the class in turns, and print what was found and what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, nargs="?", default=500)
    size = parser.parse_args().size
    best: dict[bool, float] = {}
    groups: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        planted = write_class(Path(folder), size)
        for _ in range(ROUNDS):
            for grouping in (False, True):
                seconds, found = graded_apart(Path(folder), grouping=grouping)
                best[grouping] = min(seconds, best.get(grouping, seconds))
                groups = found or groups
                if found and not grouping:
                    raise SystemExit("grading processes were not forks")
    mistakes = [{planted.get(name) for name in group} for group in groups]
    pure = sum(len(each) == 1 for each in mistakes)
    sizes = sorted(map(len, groups))
    whole = sizes == sorted(Counter(planted.values()).values())
    more = best[True] / best[False] - 1
    sys.stdout.write(
        f"{size} submissions, {os.cpu_count()} processors: {len(groups)} groups "
        f"{sizes}, {pure} of one mistake alone, complete: {whole}; "
        f"{best[False]:.1f} s without grouping, {best[True]:.1f} s with it ({more:+.1%})\n"
    )
    return 0 if whole and pure == len(groups) == len(UNKNOWN) else 1


if __name__ == "__main__":
    sys.exit(main())
