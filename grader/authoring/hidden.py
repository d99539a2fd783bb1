"""Checks of the hidden half: the reference solution, the inputs, the known mistakes."""

import runpy
import time
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from grader.authoring.bench import Bench, Check
from grader.authoring.separation import (
    Answer,
    Result,
    indistinguishable,
    results,
)
from grader.cases import draw_cases, draw_probe
from grader.diagnose import load_catalogue, submission_source
from grader.diagnose.load import FILE, alternatives
from grader.grading import check
from grader.model import Array, Case, Report, Status, Verdict
from grader.submission import parse_submission

_SLOW = 0.1
"""The share of a call's time limit that the reference solution may take."""


def check_reference(bench: Bench) -> Check:
    """Grade the reference solution as a submission.

    It must get all points, use a fraction of the time limit, and get the same report twice.
    """
    exercise = bench.exercise
    source = (bench.solutions.folder / "reference.py").read_bytes()
    submission = parse_submission(exercise.file, source, exercise)
    hidden = bench.grader.grade(submission)
    public = check(exercise, submission, bench.grader.runner)
    faults = []
    for where, report in (
        ("hidden cases", hidden),
        ("public examples", public),
    ):
        if (
            report.status is not Status.GRADED
            or report.score != report.max_score
        ):
            faults.append(f"reference.py: {where}: {_what_failed(report)}")
    slowest = max((case.duration_s for case in hidden.cases), default=0.0)
    limit = exercise.limits.call_s
    if slowest > _SLOW * limit:
        faults.append(
            f"reference.py: takes {slowest:.2g} s, too near to limits.call_s = {limit:g}"
        )
    again = bench.grader.grade(submission)
    if _without_cases(hidden) != _without_cases(again):
        faults.append("reference.py: two gradings of the same file differ")
    found = (
        f"{hidden.score or 0:g} of {hidden.max_score:g} points, "
        f"{slowest * 1000:.2g} ms for its slowest case"
    )
    return Check("reference", found, tuple(faults))


def _what_failed(report: Report) -> str:
    failed = [
        case for case in report.cases if case.verdict is not Verdict.PASSED
    ]
    messages = [f"{case.name}: {case.message}" for case in failed]
    return " ".join([report.message, *messages])


def _without_cases(report: Report) -> Report:
    """Return a report without its cases, whose durations differ from run to run."""
    return msgspec.structs.replace(report, cases=())


def check_inputs(bench: Bench) -> Check:
    """Check that each secret gives new inputs, and that the reference is sound on all of them.

    Sound means: numbers, all finite, and the same for a second call.
    """
    faults = []
    seen: set[bytes] = set()
    for number in range(bench.secrets):
        for case in _draw(bench, number):
            for trial in case.trials:
                seen.add(b"".join(array.tobytes() for array in trial.args))
                fault = _reference_fault(bench, trial.args)
                if fault is not None:
                    faults.append(
                        f"case {case.name!r}, trial {trial.name!r}: {fault}"
                    )
    count = (
        bench.secrets * len(bench.solutions.cases) * len(bench.solutions.trials)
    )
    repeated = count - len(seen)
    if repeated:
        faults.append(
            f"cases.toml: {repeated} of {count} draws repeat an earlier one: widen the ranges"
        )
    faults += _probe_faults(bench)
    found = f"{count} trials drawn with {bench.secrets} secrets"
    return Check("hidden inputs", found, tuple(dict.fromkeys(faults)))


def _probe_faults(bench: Bench) -> Iterator[str]:
    """Yield what is wrong with the reference for the size that is tried without being graded."""
    for number in range(bench.secrets):
        secret = f"validate {number}".encode()
        probe = draw_probe(
            bench.exercise, bench.solutions, "sha256:validate", secret
        )
        if probe is not None:
            fault = _reference_fault(bench, probe.args)
            if fault is not None:
                yield f"probe: {fault}"


def _draw(bench: Bench, number: int) -> tuple[Case, ...]:
    secret = f"validate {number}".encode()
    return draw_cases(
        bench.exercise, bench.solutions, "sha256:validate", secret
    )


def _reference_fault(bench: Bench, args: Sequence[Array]) -> str | None:
    value = bench.reference(args)
    if isinstance(value, str):
        return value
    if value.dtype.kind not in "fiub" or not np.isfinite(value).all():
        return "the reference returns something other than finite numbers"
    if not np.array_equal(value, bench.reference(args)):
        return "the reference returns two different results"
    return None


def check_misconceptions(bench: Bench) -> Check:
    """Grade every known wrong answer as a submission: it must lose points and be named."""
    faults = []
    names = _alternative_names(bench)
    for number, name in enumerate(names, 1):
        bench.progress(f"misconceptions: {number} of {len(names)}")
        fault = _naming_fault(bench, name)
        if fault is not None:
            faults.append(f"{name}: {fault}")
    if not names:
        return Check(
            "misconceptions", f"there is no {FILE}, so there are no hints"
        )
    ids = {_id(name) for name in names}
    found = (
        f"{len(names) - len(faults)} of {len(names)} wrong answers "
        f"({len(ids)} ids) lose points and are named"
    )
    return Check("misconceptions", found, tuple(faults))


def _naming_fault(bench: Bench, name: str) -> str | None:
    source = submission_source(bench.solutions.folder, bench.exercise, name)
    report = bench.grade(source)
    if report.status is Status.GRADER_ERROR:
        return report.message
    if report.score == report.max_score:
        return "gets all points"
    recognised = {
        hint.misconception for case in report.cases for hint in case.hints
    }
    if not recognised:
        return "was not recognised"
    if recognised != {_id(name)}:
        return f"was recognised as {', '.join(sorted(recognised))}"
    return None


def _alternative_names(bench: Bench) -> list[str]:
    """Return the function names of the known mistakes, variants included."""
    # Loading the catalogue first reports what is wrong with the file.
    load_catalogue(bench.exercise, bench.solutions)
    path = bench.solutions.folder / FILE
    if not path.is_file():
        return []
    return [
        function.__name__
        for function in alternatives(runpy.run_path(str(path)))
    ]


def _id(name: str) -> str:
    """Return the id of the misconception that a function, perhaps a variant, stands for."""
    return name.partition("__")[0].replace("_", "-")


def check_pairs(bench: Bench) -> Check:
    """Check with every secret that no two known answers give the same result on all trials.

    The known answers are the reference solution and every known mistake.
    """
    answers = _known_answers(bench)
    pairs: dict[tuple[str, str], int] = {}
    started = time.monotonic()
    for number in range(bench.secrets):
        seconds = time.monotonic() - started
        bench.progress(
            f"pairs: secret {number + 1} of {bench.secrets}, {seconds:.0f} s"
        )
        found = results(answers, _draw(bench, number))
        for pair in _unwanted_pairs(bench, found):
            pairs[pair] = pairs.get(pair, 0) + 1
    faults = tuple(
        f"{one} and {other} give the same result with {times} secrets"
        for (one, other), times in pairs.items()
    )
    count = len(answers) * (len(answers) - 1) // 2
    text = (
        f"{count - len(pairs)} of {count} pairs of answers differ "
        f"with every one of {bench.secrets} secrets"
    )
    return Check("separation", text, faults)


def _unwanted_pairs(
    bench: Bench, found: dict[str, Result]
) -> list[tuple[str, str]]:
    """Return the pairs with the same results; variants of one misconception may be alike."""
    same = indistinguishable(found, bench.exercise.tolerance)
    return [(one, other) for one, other in same if _id(one) != _id(other)]


def _known_answers(bench: Bench) -> dict[str, Answer | None]:
    answers: dict[str, Answer | None] = {"reference": bench.solutions.reference}
    for name in _alternative_names(bench):
        namespace: dict[str, object] = {}
        source = submission_source(bench.solutions.folder, bench.exercise, name)
        exec(source, namespace)  # noqa: S102 - made from the author's own file
        answer = namespace.get(bench.exercise.function)
        answers[name] = answer if callable(answer) else None
    return answers
