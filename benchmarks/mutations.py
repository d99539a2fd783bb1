"""Mutate right solutions, grade the mutants, and show what they are told.

    python benchmarks/mutations.py                 the counts
    python benchmarks/mutations.py --show 200      and 200 named mutants, drawn by the seed

Each mutant differs from a right solution in one place. Whether it is right is found without the
grader: it is called on other inputs, in a child process, and compared with sums written out here.
Nothing may pass that is wrong, nothing may lose points that is right. Whether a hint is true can
only be read: `--show` prints the difference from the right solution, and what the student is told.
"""

import argparse
import ast
import copy
import difflib
import multiprocessing
import random
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from grader.api import open_grader
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

# ---- Mutants

Change = Callable[[ast.AST], Iterator[ast.AST]]
"""Yields what may stand in place of a node."""


def _operators(node: ast.AST) -> Iterator[ast.AST]:
    others = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.MatMult)
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in (*others, ast.Mod, ast.Pow):
            if not isinstance(node.op, other):
                yield _with(node, op=other())
    if isinstance(node, ast.BinOp):
        yield _with(node, left=node.right, right=node.left)
        yield node.left
        yield node.right


def _numbers(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
        for number in (node.value + 1, node.value - 1, 3, 0):
            if number != node.value:
                yield ast.Constant(number)


def _comparisons(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for other in (ast.Lt, ast.LtE, ast.Gt, ast.NotEq, ast.Eq):
            if not isinstance(node.ops[0], other):
                yield _with(node, ops=[other()])


def _indices(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Subscript):
        return
    index = node.slice
    if isinstance(index, ast.Tuple):
        for elements in (index.elts[::-1], index.elts[:1], index.elts[:1] * 2):
            yield _with(node, slice=_with(index, elts=elements))
    if isinstance(index, ast.Name):
        for sign in ("-", "1 + ", "-1 + "):
            yield _with(node, slice=_expression(f"{sign}{index.id}"))
    yield node.value


def _slices(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Slice):
        yield _with(node, lower=None)
        yield _with(node, upper=None)
        yield _with(node, step=ast.Constant(2))
        if node.upper is not None:
            for change in ("- 1", "+ 1"):
                text = f"({ast.unparse(node.upper)}) {change}"
                yield _with(node, upper=_expression(text))


def _calls(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute):
        for group in _ALIKE:
            if node.func.attr in group:
                for other in group - {node.func.attr}:
                    yield _with(node, func=_with(node.func, attr=other))
    if len(node.args) == len("ab"):
        yield _with(node, args=node.args[::-1])
    if node.keywords:
        yield _with(node, keywords=[])
    if ast.unparse(node.func) == "range":
        yield from _other_ranges(node)
    if ast.unparse(node.func) in {"np.zeros", "np.empty"}:
        yield from map(_expression, _OTHER_ARRAYS)


def _other_ranges(node: ast.Call) -> Iterator[ast.AST]:
    inner = ", ".join(map(ast.unparse, node.args))
    last = ast.unparse(node.args[-1])
    first = ast.unparse(node.args[0]) if len(node.args) > 1 else "0"
    for text in (
        f"range({first}, {last} - 1)",
        f"range({first}, {last} + 1)",
        f"range({first} + 1, {last})",
        f"range({first}, {last}, 2)",
        f"range({first}, {last}, 3)",
        f"reversed(range({inner}))",
        f"range({last}, {first}, -1)",
    ):
        yield _expression(text)


_ALIKE = (
    frozenset({"sum", "mean", "max", "min", "prod", "std", "cumsum"}),
    frozenset({"zeros", "ones", "empty"}),
    frozenset({"ravel", "copy", "transpose", "flatten"}),
)
_OTHER_ARRAYS = (
    "np.zeros_like(image)",
    "np.zeros_like(image, dtype=float)",
    "np.zeros(image.shape)",
    "np.zeros(kernel.shape)",
    "image.copy()",
    "np.ones(image.shape)",
    "np.zeros((image.shape[0] - 3, image.shape[1] - 3))",
    "np.zeros((image.shape[0] - 1, image.shape[1] - 1))",
    "np.zeros((image.shape[0] - 2, image.shape[1] - 2), dtype=int)",
    "np.zeros((image.shape[0] - 2, image.shape[1] - 2), np.uint8)",
    "np.zeros((image.shape[0] - 2, image.shape[1] - 2), np.float32)",
    "np.zeros((image.shape[1] - 2, image.shape[0] - 2))",
    "np.zeros((image.shape[0] - 2, image.shape[0] - 2))",
)
_AROUND_ARRAYS = (
    "{}.T",
    "{}[::-1]",
    "{}[::-1, ::-1]",
    "np.pad({}, 1)",
    "np.pad({}, 2)",
    "np.pad({}, 1, mode='edge')",
    "np.roll({}, 1, axis=0)",
)
_AROUND_VALUES = (
    "np.abs({})",
    "np.clip({}, 0, 255)",
    "np.maximum({}, 0)",
    "np.round({})",
    "np.asarray({}).astype(int)",
    "np.asarray({}).astype(np.uint8)",
    "({}) / 9",
    "({}) / 255",
    "({}) / kernel.sum()",
    "({}) * 1.00002",
    "({}) / 2",
)
_AROUND_RESULTS = (
    *("({}).T", "({})[None]", "({}).tolist()", "({}).ravel()", "({}).copy()"),
    *("({})[1:, 1:]", "({})[:-1]", "np.pad({}, 1)", "np.zeros_like({})"),
    "None",
)


def _wrapped(node: ast.AST) -> Iterator[ast.AST]:
    loaded = isinstance(getattr(node, "ctx", None), ast.Load)
    if isinstance(node, ast.Name) and node.id in {"image", "kernel"} and loaded:
        for text in _AROUND_ARRAYS:
            yield _expression(text.format(node.id))
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return)) and node.value:
        text = ast.unparse(node.value)
        around = _AROUND_VALUES
        if isinstance(node, ast.Return):
            around = (*around, *_AROUND_RESULTS)
        for each in around:
            yield _with(node, value=_expression(each.format(text)))
    if isinstance(node, ast.AugAssign):
        yield ast.Assign(targets=[node.target], value=node.value, lineno=0)


CHANGES: tuple[Change, ...] = (
    *(_operators, _numbers, _comparisons, _indices, _slices, _calls, _wrapped),
)


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _with(node: Any, **changes: Any) -> Any:  # noqa: ANN401 - any kind of node
    new = copy.copy(node)
    for name, value in changes.items():
        setattr(new, name, value)
    return new


def mutants(source: str) -> Iterator[str]:
    """Yield the text of each mutant of a solution, once."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for changed in (*_by_node(tree), *_by_name(tree), *_by_statement(tree)):
        try:
            text = ast.unparse(ast.fix_missing_locations(changed))
            compile(text, "mutant", "exec")
        except (SyntaxError, ValueError, AttributeError):
            continue
        if text not in seen:
            seen.add(text)
            yield text


def _places(tree: ast.AST) -> int:
    return sum(1 for _ in ast.walk(tree))


def _by_node(tree: ast.Module) -> Iterator[ast.Module]:
    """Change one node at a time."""
    for place in range(_places(tree)):
        for change in CHANGES:
            count = sum(1 for _ in change(_at(tree, place)))
            for number in range(count):
                new = copy.deepcopy(tree)
                node = _at(new, place)
                yield _replaced(new, node, list(change(node))[number])


def _by_name(tree: ast.Module) -> Iterator[ast.Module]:
    """Use another name of the function in one place."""
    for place in range(_places(tree)):
        node = _at(tree, place)
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        for other in _names(tree):
            if other != node.id != "np":
                new = copy.deepcopy(tree)
                old = _at(new, place)
                yield _replaced(new, old, ast.Name(other, ast.Load()))


def _names(tree: ast.Module) -> list[str]:
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return sorted(stored | {"image", "kernel"})


def _by_statement(tree: ast.Module) -> Iterator[ast.Module]:
    """Leave out, repeat, indent or dedent a statement, or end a loop in its first round."""
    for place in range(_places(tree)):
        for number in range(len(_STATEMENT_CHANGES)):
            new = copy.deepcopy(tree)
            node = _at(new, place)
            body = getattr(node, "body", None)
            if isinstance(body, list) and isinstance(
                node, (ast.For, ast.While, ast.FunctionDef)
            ):
                for index in range(len(body)):
                    again = copy.deepcopy(new)
                    inner: Any = _at(again, place)
                    if _STATEMENT_CHANGES[number](inner.body, index):
                        yield again


def _leave_out(body: list[ast.stmt], index: int) -> bool:
    body[index] = ast.Pass()
    return True


def _into_loop(body: list[ast.stmt], index: int) -> bool:
    """Move the statement after a loop to the end of the loop."""
    loop: Any = body[index - 1]
    if index == 0 or not isinstance(loop, (ast.For, ast.While)):
        return False
    loop.body.append(body.pop(index))
    return True


def _into_inner_loop(body: list[ast.stmt], index: int) -> bool:
    """Move the statement after a loop to the end of the loop inside it."""
    loop: Any = body[index - 1]
    if index == 0 or not isinstance(loop, (ast.For, ast.While)):
        return False
    inner = loop.body[-1]
    if not isinstance(inner, (ast.For, ast.While)):
        return False
    inner.body.append(body.pop(index))
    return True


def _out_of_loop(body: list[ast.stmt], index: int) -> bool:
    """Move the last statement of a loop behind it."""
    loop: Any = body[index]
    if not isinstance(loop, (ast.For, ast.While)) or len(loop.body) == 1:
        return False
    body.insert(index + 1, loop.body.pop())
    return True


def _ends_at_once(statement: str) -> Callable[[list[ast.stmt], int], bool]:
    def change(body: list[ast.stmt], index: int) -> bool:
        loop: Any = body[index]
        if not isinstance(loop, (ast.For, ast.While)):
            return False
        text = f"for _ in ():\n    {statement}"
        if statement.startswith("return"):
            text = f"def f():\n    {statement}"
        outer: Any = ast.parse(text).body[0]
        loop.body.append(outer.body[0])
        return True

    return change


def _first(body: list[ast.stmt], index: int) -> bool:
    """Put a statement at the start of its block."""
    if index == 0:
        return False
    body.insert(0, body.pop(index))
    return True


_STATEMENT_CHANGES = (
    *(_leave_out, _into_loop, _into_inner_loop, _out_of_loop, _first),
    *(_ends_at_once("break"), _ends_at_once("return out")),
    *(_ends_at_once("return total"), _ends_at_once("return result")),
)


def _at(tree: ast.AST, place: int) -> ast.AST:
    for index, node in enumerate(ast.walk(tree)):
        if index == place:
            return node
    raise IndexError(place)


def _replaced(tree: ast.Module, old: ast.AST, new: ast.AST) -> ast.Module:
    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:  # noqa: ANN401 - as in ast
            return new if node is old else self.generic_visit(node)

    replaced: ast.Module = Replace().visit(tree)
    return replaced


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
        exec(HEAD + source, space)  # noqa: S102 - a mutant of our own solutions
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
        """The misconceptions that it is told."""
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
            data = (HEAD + text + "\n").encode()
            submission = parse_submission(f"{name}.py", data, exercise)
            yield Graded(name, text, known, grader.grade(submission))


class Told:
    """Prints mutants; each text of a hint is printed in full once, at the end, with its number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def show(self, one: Graded) -> None:
        """Print one mutant: the difference, its hints by number, and the message of a case."""
        before = ast.unparse(ast.parse(SOLUTIONS[one.name])).split("\n")
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
    parser.add_argument("--only", help="show those that are told this id")
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311 - no secret
    every = [
        (name, text)
        for name, source in SOLUTIONS.items()
        for text in mutants(source)
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
