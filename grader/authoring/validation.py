"""The author's self-check: everything that a course relies on is tried, and each check says what it found.

Where it can, a check goes the way that a student's file goes: through the reader, the worker, the comparison and the
diagnosis. Only which known mistakes could be mistaken for one another is computed directly, since it takes a hundred
secrets and every pair.
"""

import ast
import runpy
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from grader.authoring.separation import Answer, alike, results
from grader.cases import DEFAULT_SECRET, Secret, draw_cases
from grader.diagnose import load_catalogue, submission_source
from grader.diagnose.load import FILE, alternatives
from grader.errors import ExerciseError
from grader.execution import open_runner
from grader.exercise import find_solutions, load_exercise, load_solutions
from grader.grading import Grader, check
from grader.model import Array, CaseReport, Exercise, Report, Solutions, Status, Verdict
from grader.submission import parse_submission

_SLOW = 0.1
"""A reference may take this share of the time that a student's function may take."""


class Check(msgspec.Struct, frozen=True):
    """One thing that was tried: what was found, and the faults if there are any."""

    name: str
    found: str
    faults: tuple[str, ...] = ()


class Bench(msgspec.Struct, frozen=True, eq=False):
    """What all checks work on."""

    exercise: Exercise
    solutions: Solutions
    grader: Grader
    secrets: int
    progress: Callable[[str], None]

    def grade(self, source: str) -> Report:
        """Grade a source as if a student had handed it in."""
        return self.grader.grade(parse_submission(f"{self.exercise.function}.py", source.encode(), self.exercise))

    def reference(self, args: Sequence[Array]) -> Array | str:
        """Give what the reference computes, or say that it raised."""
        try:
            with np.errstate(all="ignore"):
                return np.asarray(self.solutions.reference(*(array.copy() for array in args)))
        except Exception as error:  # noqa: BLE001 - whatever it raises, it is a line
            return f"the reference raised {type(error).__name__}: {error}"


def validate(
    exercise: str | Path, solutions: Path | None = None, *, secrets: int = 100, write_hints: bool = False
) -> None:
    """Check an exercise and print one line per check to standard output, progress to standard error.

    Raises `ExerciseError` with every fault that was found. With `write_hints`, what diagnosis needs for the public
    examples is written anew before.
    """
    loaded = load_exercise(exercise)
    hidden = load_solutions(loaded, find_solutions(loaded, solutions))
    if write_hints:
        from grader.diagnose.public import write_public_catalogue

        path = write_public_catalogue(loaded, hidden)
        sys.stdout.write(f"wrote {path.parent.name}/{path.name}\n")
        loaded = load_exercise(exercise)
    faults = []
    for done in checks(loaded, hidden, secrets=secrets, progress=_progress):
        _progress("")
        sys.stdout.write(f"{'FAILED' if done.faults else 'ok':7}{done.name}: {done.found}\n")
        sys.stdout.flush()
        faults += [f"{loaded.name}: {done.name}: {fault}" for fault in done.faults]
    if faults:
        raise ExerciseError(*faults)


def checks(
    exercise: Exercise, solutions: Solutions, *, secrets: int = 100, progress: Callable[[str], None] = lambda _: None
) -> Iterator[Check]:
    """Try everything, and give what each check found, one after the other."""
    with open_runner(exercise, solutions=solutions.folder) as runner:
        grader = Grader(exercise, solutions, Secret(DEFAULT_SECRET, "default"), runner)
        bench = Bench(exercise, solutions, grader, secrets, progress)
        yield Check("files", f"exercise.toml, {exercise.function}.py, reference.py and cases.toml are valid")
        for each in (_statement, _stub, _examples, _reference, _inputs, _misconceptions, _pairs):
            yield each(bench)


def _progress(text: str) -> None:
    """Show what is being done, on a terminal alone: one line that the next one replaces."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


# --------------------------------------------------------------------------------------------------- what students see


def _statement(bench: Bench) -> Check:
    path = bench.exercise.folder / "README.md"
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    faults = []
    if not text.strip():
        faults.append("README.md: there is no statement")
    else:
        wanted = (bench.exercise.function, *bench.exercise.arguments)
        faults += [f"README.md: does not mention {name}" for name in wanted if name not in text]
    return Check("statement", f"README.md has {len(text.split())} words", tuple(faults))


def _stub(bench: Bench) -> Check:
    exercise = bench.exercise
    faults = []
    try:
        found = [
            tuple(arg.arg for arg in node.args.args)
            for node in ast.parse(exercise.stub).body
            if isinstance(node, ast.FunctionDef) and node.name == exercise.function
        ]
    except SyntaxError as error:
        found = [exercise.arguments]
        faults.append(f"{exercise.function}.py: line {error.lineno}: {error.msg}")
    if found != [exercise.arguments]:
        faults.append(f"{exercise.function}.py: does not define {exercise.function}({', '.join(exercise.arguments)})")
    report = bench.grade(exercise.stub)
    if report.score != 0:
        faults.append(f"{exercise.function}.py: the stub gets {report.score} points instead of 0")
    return Check("stub", f"0 of {report.max_score:g} points ({report.message})", tuple(faults))


def _examples(bench: Bench) -> Check:
    exercise = bench.exercise
    faults = []
    for example in exercise.examples:
        value = bench.reference(example.args)
        if isinstance(value, str):
            faults.append(f"example {example.name!r}: {value}")
        elif value.shape != example.expected.shape:
            text = f"the reference gives shape {value.shape}, exercise.toml says {example.expected.shape}"
            faults.append(f"example {example.name!r}: {text}")
        elif not np.allclose(value, example.expected, exercise.tolerance.rtol, exercise.tolerance.atol):
            faults.append(f"example {example.name!r}: the reference gives {value.tolist()}")
    return Check("examples", f"{len(exercise.examples)} public examples, as the reference computes them", tuple(faults))


# -------------------------------------------------------------------------------------------------------- hidden half


def _reference(bench: Bench) -> Check:
    source = (bench.solutions.folder / "reference.py").read_text("utf-8")
    submission = parse_submission(f"{bench.exercise.function}.py", source.encode(), bench.exercise)
    report = bench.grader.grade(submission)
    public = check(bench.exercise, submission, bench.grader.runner)
    faults = [
        f"reference.py: {where}: {report.message}"
        + "".join(f" {case.name}: {case.message}" for case in _failed(report))
        for where, report in (("hidden cases", report), ("public examples", public))
        if report.status is not Status.GRADED or report.score != report.max_score
    ]
    slowest = max((case.duration_s for case in report.cases), default=0.0)
    if slowest > _SLOW * bench.exercise.limits.call_s:
        faults.append(
            f"reference.py: takes {slowest:.2g} s; limits.call_s = {bench.exercise.limits.call_s:g} is too near"
        )
    if msgspec.structs.replace(report, cases=()) != msgspec.structs.replace(bench.grader.grade(submission), cases=()):
        faults.append("reference.py: two gradings of the same file differ")
    found = f"{report.score or 0:g} of {report.max_score:g} points, {slowest * 1000:.2g} ms for its slowest case"
    return Check("reference", found, tuple(faults))


def _failed(report: Report) -> list[CaseReport]:
    return [case for case in report.cases if case.verdict is not Verdict.PASSED]


def _inputs(bench: Bench) -> Check:
    """See that every secret gives new inputs, of which the reference makes finite numbers, always the same."""
    faults = []
    seen: set[bytes] = set()
    for number in range(bench.secrets):
        cases = draw_cases(bench.exercise, bench.solutions, "sha256:validate", _secret(number))
        for trial in (trial for case in cases for trial in case.trials):
            seen.add(b"".join(array.tobytes() for array in trial.args))
            fault = _reference_fault(bench, trial.args)
            if fault is not None:
                faults.append(f"case {trial.case!r}, trial {trial.name!r}: {fault}")
    count = bench.secrets * len(bench.solutions.cases) * len(bench.solutions.trials)
    if len(seen) < count:
        faults.append(f"cases.toml: {count - len(seen)} of {count} draws were there before: widen the ranges")
    return Check("hidden inputs", f"{count} trials drawn with {bench.secrets} secrets", tuple(dict.fromkeys(faults)))


def _reference_fault(bench: Bench, args: Sequence[Array]) -> str | None:
    value, again = bench.reference(args), bench.reference(args)
    if isinstance(value, str):
        return value
    if value.dtype.kind not in "fiub" or not np.isfinite(value).all():
        return "the reference gives something else than finite numbers"
    return None if np.array_equal(value, again) else "the reference gives two different results"


def _secret(number: int) -> bytes:
    return f"validate {number}".encode()


# ------------------------------------------------------------------------------------------------------ misconceptions


def _names(bench: Bench) -> list[str]:
    """List the known mistakes, variants included; loading the catalogue first reports what is wrong with the file."""
    load_catalogue(bench.exercise, bench.solutions)
    path = bench.solutions.folder / FILE
    return [function.__name__ for function in alternatives(runpy.run_path(str(path)))] if path.is_file() else []


def _id(name: str) -> str:
    return name.partition("__")[0].replace("_", "-")


def _misconceptions(bench: Bench) -> Check:
    faults = []
    names = _names(bench)
    for number, name in enumerate(names, 1):
        bench.progress(f"misconceptions: {number} of {len(names)}")
        report = bench.grade(submission_source(bench.solutions.folder, bench.exercise, name))
        told = sorted({hint.misconception for case in report.cases for hint in case.hints})
        if report.status is Status.GRADER_ERROR:
            faults.append(f"{name}: {report.message}")
        elif report.score == report.max_score:
            faults.append(f"{name}: gets all points")
        elif told != [_id(name)]:
            faults.append(f"{name}: is told as {', '.join(told) or 'nothing'}")
    ids = len({_id(name) for name in names})
    found = f"{len(names) - len(faults)} of {len(names)} wrong answers ({ids} ids) are graded wrong and named"
    return Check("misconceptions", found if names else f"there is no {FILE}, so nothing is named", tuple(faults))


def _pairs(bench: Bench) -> Check:
    """Prove for many secrets that no two known mistakes, and none and the reference, give the same on all trials."""
    answers: dict[str, Answer | None] = {"reference": bench.solutions.reference}
    for name in _names(bench):
        namespace: dict[str, object] = {}
        source = submission_source(bench.solutions.folder, bench.exercise, name)
        exec(source, namespace)  # noqa: S102 - made of the author's own file
        answer = namespace.get(bench.exercise.function)
        answers[name] = answer if callable(answer) else None
    pairs: dict[tuple[str, str], int] = {}
    started = time.monotonic()
    for number in range(bench.secrets):
        bench.progress(f"pairs: secret {number + 1} of {bench.secrets}, {time.monotonic() - started:.0f} s")
        cases = draw_cases(bench.exercise, bench.solutions, "sha256:validate", _secret(number))
        for one, other in alike(results(answers, cases), bench.exercise.tolerance):
            if _id(one) != _id(other):
                pairs[one, other] = pairs.get((one, other), 0) + 1
    faults = [f"{one} and {other} give the same with {times} secrets" for (one, other), times in pairs.items()]
    count = len(answers) * (len(answers) - 1) // 2
    found = f"{count - len(pairs)} of {count} pairs of answers differ with every one of {bench.secrets} secrets"
    return Check("separation", found, tuple(faults))
