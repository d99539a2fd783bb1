"""Checks of the hidden half: the reference, the inputs, the known mistakes."""

import runpy
import time
from collections.abc import Sequence

import msgspec
import numpy as np

from grader.authoring.bench import Bench, Check
from grader.authoring.separation import Answer, alike, results
from grader.cases import draw_cases
from grader.diagnose import load_catalogue, submission_source
from grader.diagnose.load import FILE, alternatives
from grader.grading import check
from grader.model import Array, CaseReport, Report, Status, Verdict
from grader.submission import parse_submission

_SLOW = 0.1
"""A reference may take this share of the time that a student's function may take."""


def check_reference(bench: Bench) -> Check:
    """Grade the reference solution as a submission: all points, in a fraction of the time, twice the same."""
    source = (bench.solutions.folder / "reference.py").read_text("utf-8")
    submission = parse_submission(
        f"{bench.exercise.function}.py", source.encode(), bench.exercise
    )
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
    if msgspec.structs.replace(report, cases=()) != msgspec.structs.replace(
        bench.grader.grade(submission), cases=()
    ):
        faults.append("reference.py: two gradings of the same file differ")
    found = f"{report.score or 0:g} of {report.max_score:g} points, {slowest * 1000:.2g} ms for its slowest case"
    return Check("reference", found, tuple(faults))


def _failed(report: Report) -> list[CaseReport]:
    return [case for case in report.cases if case.verdict is not Verdict.PASSED]


def check_inputs(bench: Bench) -> Check:
    """See that every secret gives new inputs, of which the reference makes finite numbers, always the same."""
    faults = []
    seen: set[bytes] = set()
    for number in range(bench.secrets):
        cases = draw_cases(
            bench.exercise, bench.solutions, "sha256:validate", _secret(number)
        )
        for trial in (trial for case in cases for trial in case.trials):
            seen.add(b"".join(array.tobytes() for array in trial.args))
            fault = _reference_fault(bench, trial.args)
            if fault is not None:
                faults.append(f"case {trial.case!r}, trial {trial.name!r}: {fault}")
    count = bench.secrets * len(bench.solutions.cases) * len(bench.solutions.trials)
    if len(seen) < count:
        faults.append(
            f"cases.toml: {count - len(seen)} of {count} draws were there before: widen the ranges"
        )
    return Check(
        "hidden inputs",
        f"{count} trials drawn with {bench.secrets} secrets",
        tuple(dict.fromkeys(faults)),
    )


def _reference_fault(bench: Bench, args: Sequence[Array]) -> str | None:
    value, again = bench.reference(args), bench.reference(args)
    if isinstance(value, str):
        return value
    if value.dtype.kind not in "fiub" or not np.isfinite(value).all():
        return "the reference gives something else than finite numbers"
    return (
        None
        if np.array_equal(value, again)
        else "the reference gives two different results"
    )


def _secret(number: int) -> bytes:
    return f"validate {number}".encode()


def _names(bench: Bench) -> list[str]:
    """List the known mistakes, variants included; loading the catalogue first reports what is wrong with the file."""
    load_catalogue(bench.exercise, bench.solutions)
    path = bench.solutions.folder / FILE
    return (
        [function.__name__ for function in alternatives(runpy.run_path(str(path)))]
        if path.is_file()
        else []
    )


def _id(name: str) -> str:
    return name.partition("__")[0].replace("_", "-")


def check_misconceptions(bench: Bench) -> Check:
    """Grade every known wrong answer as a submission: it loses points and is called by its name."""
    faults = []
    names = _names(bench)
    for number, name in enumerate(names, 1):
        bench.progress(f"misconceptions: {number} of {len(names)}")
        report = bench.grade(
            submission_source(bench.solutions.folder, bench.exercise, name)
        )
        told = sorted(
            {hint.misconception for case in report.cases for hint in case.hints}
        )
        if report.status is Status.GRADER_ERROR:
            faults.append(f"{name}: {report.message}")
        elif report.score == report.max_score:
            faults.append(f"{name}: gets all points")
        elif told != [_id(name)]:
            faults.append(f"{name}: is told as {', '.join(told) or 'nothing'}")
    ids = len({_id(name) for name in names})
    found = f"{len(names) - len(faults)} of {len(names)} wrong answers ({ids} ids) are graded wrong and named"
    return Check(
        "misconceptions",
        found if names else f"there is no {FILE}, so nothing is named",
        tuple(faults),
    )


def check_pairs(bench: Bench) -> Check:
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
        bench.progress(
            f"pairs: secret {number + 1} of {bench.secrets}, {time.monotonic() - started:.0f} s"
        )
        cases = draw_cases(
            bench.exercise, bench.solutions, "sha256:validate", _secret(number)
        )
        for one, other in alike(results(answers, cases), bench.exercise.tolerance):
            if _id(one) != _id(other):
                pairs[one, other] = pairs.get((one, other), 0) + 1
    faults = [
        f"{one} and {other} give the same with {times} secrets"
        for (one, other), times in pairs.items()
    ]
    count = len(answers) * (len(answers) - 1) // 2
    found = f"{count - len(pairs)} of {count} pairs of answers differ with every one of {bench.secrets} secrets"
    return Check("separation", found, tuple(faults))
