"""Mutate right solutions, grade the mutants, and show their reports.

    python benchmarks/mutations.py                 the counts
    python benchmarks/mutations.py --show 200      and 200 named mutants, drawn by the seed

Each mutant differs from a right solution in one place. Whether it is right is found without the
grader: it is called on other inputs, in a child process, and compared with sums written out here.
Nothing may pass that is wrong, nothing may lose points that is right. Whether a hint is true can
only be read: `--show` prints the difference from the right solution, and what a student would read.
"""

import argparse
import difflib
import multiprocessing
import random
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from grader.api import open_grader
from grader.authoring.mutation import mutants, plain
from grader.exercise import load_exercise
from grader.grading import Grader
from grader.model import Exercise, Report
from grader.submission import parse_submission

ROOT = Path(__file__).parents[1]
SHAPES = ((8, 8), (12, 10), (10, 10), (12, 8))
PATIENCE_S = 2
AT_ONCE = 50

SOLUTIONS = {
    "two_loops": """
def convolve(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = image[i:i + kernel.shape[0], j:j + kernel.shape[1]]
            result[i, j] = np.sum(patch * kernel)
    return result
""",
    "four_loops": """
def convolve(image, kernel):
    h, w = image.shape
    p, q = kernel.shape
    out = np.zeros((h - p + 1, w - q + 1))
    for y in range(h - p + 1):
        for x in range(w - q + 1):
            total = 0
            for a in range(p):
                for b in range(q):
                    total += image[y + a, x + b] * kernel[a, b]
            out[y, x] = total
    return out
""",
    "into_the_result": """
def convolve(image, kernel):
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2), dtype=float)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for a in range(3):
                for b in range(3):
                    out[i][j] += image[i + a][j + b] * kernel[a][b]
    return out
""",
    "windows": """
from numpy.lib.stride_tricks import sliding_window_view

def convolve(image, kernel):
    windows = sliding_window_view(image, kernel.shape)
    products = windows * kernel
    return products.sum(axis=(2, 3)).astype(float)
""",
    "shifts": """
def convolve(image, kernel):
    h, w = image.shape
    p, q = kernel.shape
    rows, columns = h - p + 1, w - q + 1
    out = np.zeros((rows, columns))
    for y in range(p):
        for x in range(q):
            out += kernel[y, x] * image[y:y + rows, x:x + columns]
    return out
""",
    "shifts_from_the_end": """
def convolve(image, kernel):
    h, w = image.shape
    ph, pw = kernel.shape[0] - 1, kernel.shape[1] - 1
    out = np.zeros((h - ph, w - pw))
    for y in range(ph + 1):
        for x in range(pw + 1):
            out = out + image[y:h - ph + y, x:w - pw + x] * kernel[y, x]
    return out
""",
    "im2col": """
def convolve(image, kernel):
    p, q = kernel.shape
    rows = image.shape[0] - p + 1
    columns = image.shape[1] - q + 1
    patches = np.zeros((rows * columns, p * q))
    at = 0
    for i in range(rows):
        for j in range(columns):
            patches[at] = image[i:i + p, j:j + q].ravel()
            at += 1
    return (patches @ kernel.ravel()).reshape(rows, columns)
""",
    "comprehension": """
def convolve(image, kernel):
    kh, kw = kernel.shape
    return np.array([
        [(image[i:i + kh, j:j + kw] * kernel).sum() for j in range(image.shape[1] - kw + 1)]
        for i in range(image.shape[0] - kh + 1)
    ], dtype=float)
""",
    "centred": """
def convolve(image, kernel):
    height, width = image.shape
    dy = kernel.shape[0] // 2
    dx = kernel.shape[1] // 2
    result = np.zeros((height - 2 * dy, width - 2 * dx))
    for row in range(dy, height - dy):
        for col in range(dx, width - dx):
            total = 0.0
            for u in range(-dy, dy + 1):
                for v in range(-dx, dx + 1):
                    total += image[row + u, col + v] * kernel[dy + u, dx + v]
            result[row - dy, col - dx] = total
    return result
""",
    "while_loops": """
def convolve(image, kernel):
    n, m = image.shape
    k = kernel.shape[0]
    values = []
    i = 0
    while i + k <= n:
        row = []
        j = 0
        while j + k <= m:
            row.append(float((image[i:i + k, j:j + k] * kernel).sum()))
            j += 1
        values.append(row)
        i += 1
    return np.array(values)
""",
    "helper": """
def apply(patch, kernel):
    total = 0.0
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            total = total + patch[a, b] * kernel[a, b]
    return total

def convolve(image, kernel):
    kh, kw = kernel.shape
    out = np.empty((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = apply(image[i:i + kh, j:j + kw], kernel)
    return out
""",
}
HEAD = "import numpy as np\n"

# ---- Whether a mutant is right


def _inputs() -> list[tuple[Any, Any]]:
    random_numbers = np.random.default_rng(12)
    pairs: list[tuple[Any, Any]] = []
    for shape in SHAPES:
        kernel = random_numbers.normal(size=(3, 3))
        pairs.append((random_numbers.normal(scale=80, size=shape), kernel))
        pairs.append((random_numbers.integers(0, 256, shape), kernel[::-1]))
    return pairs


def _right(image: Any, kernel: Any) -> Any:  # noqa: ANN401 - arrays
    rows, columns = image.shape[0] - 2, image.shape[1] - 2
    return np.array(
        [
            [
                sum(
                    float(image[i + a, j + b]) * float(kernel[a, b])
                    for a in range(3)
                    for b in range(3)
                )
                for j in range(columns)
            ]
            for i in range(rows)
        ]
    )


def is_right(source: str) -> bool:
    """Return whether a mutant gives the right answer for inputs of our own."""
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.alarm(PATIENCE_S)
    try:
        space: dict[str, Any] = {}
        exec(source, space)  # noqa: S102 - a mutant of our own solutions
        return all(
            _agrees(space["convolve"], image, kernel)
            for image, kernel in _inputs()
        )
    except BaseException:  # noqa: BLE001 - a mutant may raise anything
        return False
    finally:
        signal.alarm(0)


def _agrees(function: Any, image: Any, kernel: Any) -> bool:  # noqa: ANN401 - a mutant
    before = image.copy(), kernel.copy()
    value = function(image, kernel)
    expected = _right(*before)
    kept = (image == before[0]).all() and (kernel == before[1]).all()
    shaped = isinstance(value, np.ndarray) and value.shape == expected.shape
    return bool(
        kept and shaped and np.allclose(value, expected, rtol=1e-5, atol=1e-4)
    )


# ---- The counts


class Graded(NamedTuple):
    """A mutant, whether it is right, and its report."""

    name: str
    source: str
    right: bool
    report: Report

    @property
    def ids(self) -> tuple[str, ...]:
        """The misconceptions that its report names."""
        return tuple(
            dict.fromkeys(
                hint.misconception
                for case in self.report.cases
                for hint in case.hints
            )
        )

    @property
    def full(self) -> bool:
        """Whether it has full marks."""
        return self.report.score == self.report.max_score


def _graded(
    grader: Grader, exercise: Exercise, chosen: list[tuple[str, str]]
) -> Iterator[Graded]:
    with multiprocessing.Pool(1) as pool:
        right = pool.imap(is_right, [text for _, text in chosen], AT_ONCE)
        for (name, text), known in zip(chosen, right, strict=True):
            data = (text + "\n").encode()
            submission = parse_submission(f"{name}.py", data, exercise)
            yield Graded(name, text, known, grader.grade(submission))


class Told:
    """Prints mutants; each text of a hint is printed in full once, at the end, with its number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def show(self, one: Graded) -> None:
        """Print one mutant: the difference, its hints by number, and the message of a case."""
        before = plain(HEAD + SOLUTIONS[one.name]).split("\n")
        after = one.source.split("\n")
        difference = difflib.unified_diff(before, after, lineterm="", n=0)
        changed = [
            line for line in list(difference)[2:] if not line.startswith("@@")
        ]
        told: dict[tuple[str, str], list[str]] = {}
        for case in one.report.cases:
            for hint in case.hints:
                key = (hint.misconception, hint.text)
                told.setdefault(key, []).append(case.name)
        lines = [f"=== {one.name}", *changed]
        for key, cases in told.items():
            number = self._numbers.setdefault(key, len(self._numbers) + 1)
            where = (
                "" if len(cases) == len(SHAPES) else f" ({', '.join(cases)})"
            )
            lines.append(f"    -> {number} {key[0]}{where}")
        lines.append(f"       {one.report.cases[0].message}")
        sys.stdout.write("\n".join(lines) + "\n")

    def texts(self) -> None:
        """Print the texts."""
        for (name, text), number in self._numbers.items():
            sys.stdout.write(f"[{number}] {name}: {text}\n")


def main() -> None:
    """Grade the mutants, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=4000, help="mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="named mutants")
    parser.add_argument("--only", help="show those whose reports name this id")
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311 - no secret
    every = [
        (name, text)
        for name, source in SOLUTIONS.items()
        for text in mutants(HEAD + source)
    ]
    chosen = dice.sample(every, min(options.most, len(every)))
    exercise = load_exercise(ROOT / "exercises" / "convolution")
    with open_grader(
        exercise, solutions=ROOT / "solutions", secret=b"mutations"
    ) as grader:
        graded = list(_graded(grader, exercise, chosen))
    named = [one for one in graded if one.ids]
    wrong = [one for one in graded if not one.right]
    passed = [one for one in wrong if one.full]
    lost = [one for one in graded if one.right and not one.full]
    shown = [one for one in named if options.only in {None, *one.ids}]
    drawn = dice.sample(shown, min(options.show, len(shown)))
    told = Told()
    for one in (*passed, *lost, *drawn):
        told.show(one)
    told.texts()
    counts = Counter(name for one in named for name in one.ids)
    for name, count in counts.most_common():
        sys.stdout.write(f"{count:6} {name}\n")
    sizes = Counter(len(one.ids) for one in named)
    sys.stdout.write(
        f"{len(SOLUTIONS)} solutions, {len(graded)} mutants of {len(every)}; "
        f"wrong: {len(wrong)}; wrong with full marks: {len(passed)}; "
        f"right that lost points: {len(lost)}; named: {len(named)} "
        f"(by how many ids: {dict(sorted(sizes.items()))})\n"
    )


if __name__ == "__main__":
    main()
