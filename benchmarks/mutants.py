"""How strong are the tests of a room? Change its code a little, and see whether they notice.

    python benchmarks/mutants.py wire compare --sample 30 --seed 1

A mutant is one small change of one file: a comparison, a condition, a number, a text, a deleted
statement. For each one the room's own tests run, in a copy of the repository, until one fails:
those that run the changed lines, as a run without any change has shown, or all of them if none
does, since a module's constants are read when it is imported. The survivors are printed as diffs:
each is a missing test, or a change that changes nothing.

Not mutmut or cosmic-ray: both want the whole package to be importable in a changed form, run one
command for everything, and start an interpreter for each mutant. Here a room's tests are enough,
and mutants are forked from a process that has imported pytest, numpy and hypothesis.
"""

import argparse
import ast
import difflib
import json
import math
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import NamedTuple

import coverage
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHORT = " and ".join(
    f"not {name}"
    for name in (
        "students",
        "graded_wrong",
        "pairs",
        "file_is_current",
        "never_raises",
    )
)
"""Without the tests of diagnosis that take minutes."""
ROOMS: dict[str, tuple[list[str], list[str]]] = {
    "cases": (["grader/cases"], ["tests/cases"]),
    "compare": (["grader/compare"], ["tests/compare"]),
    "diagnose": (
        ["grader/diagnose"],
        ["tests/diagnose", "-k", SHORT],
    ),
    "exercise": (
        ["grader/exercise"],
        [
            "tests/exercise",
            "tests/trust/test_which_exercise.py",
            "-k",
            "not same_exercise and not each_file and not told_which and not needs_no_name",
        ],
        # Without the tests of trust that start the real command: no recorder sees what it runs.
    ),
    "grading": (["grader/grading"], ["tests/grading"]),
    "intake": (["grader/intake"], ["tests/intake"]),
    "render": (
        ["grader/render"],
        [
            "tests/render",
            "--ignore",
            "tests/render/test_beginners.py",  # it grades, and opens a browser
            "-k",
            "not browser and not 10000000",
        ],
    ),
    "submission": (
        ["grader/submission"],
        ["tests/submission", "-k", "not known_file and not can_be_found"],
        # Without those that measure the cost of a hundred files, or look for a dearer one.
    ),
    "untrusted": (
        ["grader/untrusted.py", "grader/log.py"],
        ["tests/untrusted", "-k", "not hostile_names"],
    ),
    "values": (
        [
            "grader/confined/bounds.py",
            "grader/confined/packing.py",
            "grader/confined/unpacking.py",
            "grader/confined/values.py",
        ],
        ["tests/confined/test_values.py"],
    ),
    "wire": (
        [
            "grader/execution/wire",
            "grader/execution/cleaning.py",
            "grader/execution/values.py",
        ],
        [
            "tests/execution/test_wire_limits.py",
            "tests/execution/test_wire.py",
            "-k",
            "not million",
        ],
    ),
}
"""Room -> what is changed, and the arguments of pytest that run its own tests."""

COPIED = [
    "benchmarks",
    "docs",
    "exercises",
    "grader",
    "notebooks",
    "solutions",
    "tests",
]
LOG = "trial.log"
SECONDS = "seconds.json"
LINES = "lines.coverage"
FEWEST_SECONDS = 20.0
OPTIONS = [
    "-x",
    "-p",
    "no:randomly",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "--hypothesis-seed=0",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",  # hypothesis is imported beforehand
]
COMPARISONS = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
ARITHMETIC = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.LShift: ">>",
    ast.RShift: "<<",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
GUARDS = ("strict", "kw_only", "frozen")
"""What these refuse does not happen: mypy sees to it, or the arguments of `zip` do."""
FALSE = ("None", "False")
"""None for False: no `if` sees it, and mypy refuses it."""
CALLS = {"any": "all", "all": "any", "min": "max", "max": "min"}


class Mutant(NamedTuple):
    """One file, changed in one place."""

    path: str
    before: str
    after: str
    lines: range

    def diff(self) -> str:
        """Return the change as a diff."""
        lines = difflib.unified_diff(
            self.before.splitlines(),
            self.after.splitlines(),
            self.path,
            n=2,
            lineterm="",
        )
        return "\n".join(list(lines)[2:])


# ---- Changes


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Return every mutant of a file."""
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    data = source.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    left_out = set(_left_out(tree))
    for node in ast.walk(tree):
        if node in left_out or not hasattr(node, "lineno"):
            continue
        for place, text in _changes(node):
            begin = starts[place.lineno - 1] + place.col_offset
            end = starts[(place.end_lineno or 1) - 1] + (
                place.end_col_offset or 0
            )
            changed = (data[:begin] + text.encode() + data[end:]).decode()
            if changed != source and _compiles(changed):
                lines = range(place.lineno, (place.end_lineno or 1) + 1)
                name = str(path.relative_to(ROOT))
                yield Mutant(name, source, changed, lines)


def _left_out(tree: ast.Module) -> Iterator[ast.AST]:
    """Find docstrings, types and lists of names: changing them changes nothing that runs."""
    for node in ast.walk(tree):
        for root in (*_types_of(node), *_inert(node)):
            yield from ast.walk(root)


def _types_of(node: ast.AST) -> list[ast.AST]:
    """Return the annotations of a node."""
    found = (getattr(node, name, None) for name in ("annotation", "returns"))
    return [each for each in found if each is not None]


def _inert(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node that nothing runs, or that have no place of their own."""
    found: list[ast.expr] = []
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant()):
            return [node]
        case ast.If(test) if "TYPE_CHECKING" in ast.unparse(test):
            return [node]
        case ast.AnnAssign(annotation=kind) if "TypeAlias" in ast.unparse(kind):
            return [node]
        case ast.Call(ast.Name("cast"), [kind, *_]):
            found = [kind]
        case ast.keyword(name, ast.Constant(True) as value) if name in GUARDS:
            found = [value]
        case ast.Subscript(ast.Name("Literal"), names):
            found = [names]
        case ast.Assign([ast.Name("__all__")], names):
            found = [names]
        case ast.JoinedStr(parts):
            found = [part for part in parts if isinstance(part, ast.Constant)]
    return [*found]


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Return what may replace a node: the place, and the new text."""
    yield from _operators(node)
    yield from _values(node)
    yield from _statements(node)


def _operators(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.Compare(left, [operator], [right]):
            text = f"{_text(left)} {COMPARISONS[type(operator)]} {_text(right)}"
            yield node, f"({text})"
        case ast.BoolOp(operator, values):
            joined = " or " if isinstance(operator, ast.And) else " and "
            yield node, f"({joined.join(map(_text, values))})"
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield node, _text(operand)
        case ast.BinOp(left, operator, right) if type(operator) in ARITHMETIC:
            yield (
                node,
                f"({_text(left)} {ARITHMETIC[type(operator)]} {_text(right)})",
            )


def _values(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.Constant(bool() as value):
            yield node, str(not value)
        case ast.Constant(int() | float() as value):
            yield node, repr(value + 1)
        case ast.Constant(str() as value):
            yield node, repr(f"XX{value}")
        case ast.Call(ast.Name(name), _, _) if name in CALLS:
            yield node.func, CALLS[name]
        case ast.IfExp(test, body, orelse):
            yield node, f"({_text(orelse)} if {_text(test)} else {_text(body)})"


def _statements(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.If(test) | ast.While(test):
            yield test, f"not ({ast.unparse(test)})"
        case ast.Return(ast.expr() as value) if ast.unparse(value) not in FALSE:
            yield value, "None"
        case (
            ast.Expr(ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Assert()
        ):
            yield node, "pass"
        case ast.Continue():
            yield node, "break"
        case ast.Break():
            yield node, "continue"


def _text(node: ast.AST) -> str:
    return f"({ast.unparse(node)})"


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


# ---- Which tests run which lines


class Recorder:
    """A plugin for pytest that notes how long each test takes and which lines it runs."""

    def __init__(self, copy: Path) -> None:
        self.folder = copy
        self.seconds: dict[str, float] = {}
        self.coverage = coverage.Coverage(
            data_file=str(copy / LINES), include=[f"{copy}/grader/*"]
        )
        self.coverage.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note from now on what this test runs."""
        self.coverage.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what setting up, running or tearing down took."""
        spent = self.seconds.get(report.nodeid, 0.0)
        self.seconds[report.nodeid] = spent + report.duration

    def pytest_sessionfinish(self) -> None:
        """Keep both for the trials."""
        self.coverage.stop()
        self.coverage.save()
        (self.folder / SECONDS).write_text(json.dumps(self.seconds), "utf-8")


class Order:
    """A plugin for pytest that runs only the likely tests, if there are any, the quickest first."""

    def __init__(self, seconds: dict[str, float], likely: set[str]) -> None:
        self.seconds = seconds
        self.likely = likely
        self.modules: dict[str, float] = {}
        for test, spent in seconds.items():
            module = test.partition("::")[0]
            self.modules[module] = self.modules.get(module, 0.0) + spent

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort by module too, since the tests of a module share what they set up."""
        likely = [item for item in items if item.nodeid in self.likely]
        items[:] = sorted(
            likely or items, key=lambda item: self._key(item.nodeid)
        )

    def _key(self, test: str) -> tuple[float, str, float]:
        module = test.partition("::")[0]
        spent = self.modules.get(module, 0.0)
        return spent, module, self.seconds.get(test, 0.0)


def order_for(mutant: Mutant, baseline: Path) -> Order:
    """Return the order of the tests that run the changed lines."""
    data = coverage.CoverageData(str(baseline / LINES))
    data.read()
    tests_by_line = data.contexts_by_lineno(str(baseline / mutant.path))
    likely = {
        test for line in mutant.lines for test in tests_by_line.get(line, [])
    }
    return Order(json.loads((baseline / SECONDS).read_text("utf-8")), likely)


# ---- Trials


def kills(
    mutant: Mutant, copy: Path, arguments: list[str], order: Order, limit: float
) -> bool:
    """Run the tests in a copy with this mutant; tell whether they fail or do not end."""
    (copy / mutant.path).write_text(mutant.after, "utf-8")
    try:
        return run_tests(copy, arguments, order, limit) != 0
    finally:
        (copy / mutant.path).write_text(mutant.before, "utf-8")


def run_tests(
    copy: Path, arguments: list[str], order: Order | None, limit: float
) -> int | None:
    """Run the tests of a copy; return pytest's exit status, None if they did not end in time.

    Without an order, what the tests run is recorded.
    """
    process = multiprocessing.get_context("fork").Process(
        target=_run_tests, args=(copy, arguments, order)
    )
    process.start()
    # By the second: what stops this process and that one together does not count.
    for _ in range(math.ceil(limit)):
        process.join(1)
        if process.exitcode is not None:
            break
    status = process.exitcode
    if status is None:
        process.kill()
        process.join()
    return status


def _run_tests(copy: Path, arguments: list[str], order: Order | None) -> None:
    log = os.open(copy / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(copy)
    os.environ.update(PYTHONPATH=str(copy), PYTHONDONTWRITEBYTECODE="1")
    sys.path.insert(0, str(copy))
    sys.dont_write_bytecode = True
    plugin = Recorder(copy) if order is None else order
    os._exit(int(pytest.main([*OPTIONS, *arguments], plugins=[plugin])))


def copy_to(folder: Path) -> Path:
    """Copy what the tests need."""
    ignore = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    return folder


def measure(
    room: str, sample: int, seed: int, copies: "Queue[Path]"
) -> tuple[int, int]:
    """Try a sample of a room's mutants; return how many were killed, and of how many."""
    sources, arguments = ROOMS[room]
    paths = [path for name in sources for path in _modules(ROOT / name)]
    mutants = [mutant for path in sorted(paths) for mutant in mutants_of(path)]
    random.Random(seed).shuffle(mutants)  # noqa: S311 - a sample, not a secret
    chosen = mutants[:sample]
    baseline = copies.get()
    begun = time.monotonic()
    if run_tests(baseline, arguments, None, 3600) != 0:
        print((baseline / LOG).read_text("utf-8"))
        sys.exit(f"{room}: the tests fail without any change")
    limit = FEWEST_SECONDS + 3 * (time.monotonic() - begun)
    copies.put(baseline)

    def trial(mutant: Mutant) -> bool:
        copy = copies.get()
        try:
            order = order_for(mutant, baseline)
            killed = kills(mutant, copy, arguments, order, limit)
        finally:
            copies.put(copy)
        if not killed:
            print(f"\nsurvives in {mutant.path}:\n{mutant.diff()}", flush=True)
        return killed

    with ThreadPoolExecutor(copies.maxsize) as pool:
        killed = list(pool.map(trial, chosen))
    print(
        f"{room}: {sum(killed)} of {len(chosen)} killed, {len(mutants)} possible",
        flush=True,
    )
    return sum(killed), len(chosen)


def _modules(path: Path) -> list[Path]:
    return [path] if path.is_file() else list(path.rglob("*.py"))


def main() -> int:
    """Measure rooms; return 1 if fewer than --least percent of the mutants were killed."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "rooms", nargs="*", choices=[*ROOMS, []], help="all by default"
    )
    parser.add_argument(
        "--sample", type=int, default=30, help="mutants of each room"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--least", type=float, default=0.0, help="percent of each room"
    )
    options = parser.parse_args()
    # Imported here, so that each forked trial finds it.
    import hypothesis.extra.numpy  # noqa: F401 - as said

    low = False
    with tempfile.TemporaryDirectory() as folder:
        copies: Queue[Path] = Queue(options.jobs)
        for number in range(options.jobs):
            copies.put(copy_to(Path(folder) / str(number)))
        for room in options.rooms or ROOMS:
            killed, tried = measure(room, options.sample, options.seed, copies)
            low = low or killed < tried * options.least / 100
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
