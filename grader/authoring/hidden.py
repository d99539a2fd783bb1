"""Checks of the hidden half: the reference solution, and the inputs that are drawn."""

import hashlib
from collections.abc import Callable, Iterator

import msgspec
import numpy as np

from grader.authoring.bench import Bench, Check
from grader.authoring.values import (
    is_finite,
    same_values,
    short,
    unsent_in,
)
from grader.cases import draw_probe
from grader.errors import ExerciseError
from grader.grading import check
from grader.model import Case, Random, Report, Status, Trial, Value, Verdict
from grader.submission import parse_submission
from grader.vocabulary import count

_SLOW = 0.1
"""The share of a call's time limit that the reference solution may take."""
_TIMES = 6
"""How often it is timed at most: the least time is the one that nothing else has lengthened."""


def check_reference(bench: Bench) -> Check:
    """Grade the reference solution as a submission.

    It must get all points, use a fraction of the time limit, and get the same report twice.
    """
    exercise = bench.exercise
    source = (bench.solutions.folder / "reference.py").read_bytes()
    submission = parse_submission(exercise.file, source, exercise)
    hidden = bench.grade_file(exercise.file, source)
    public = check(exercise, submission, bench.grader.runner)
    faults = []
    for where, report in (
        ("hidden cases", hidden),
        ("public examples", public),
    ):
        if lost_points(report):
            faults.append(f"reference.py: {where}: {what_failed(report)}")
    again = bench.grade_file(exercise.file, source)
    if _without_cases(hidden) != _without_cases(again):
        faults.append("reference.py: two gradings of the same file differ")
    limit = exercise.limits.call_s
    slowest = min(_slowest(hidden), _slowest(again))
    for _ in range(2, _TIMES):
        if slowest <= _SLOW * limit:
            break
        timed = bench.grade_file(exercise.file, source)
        slowest = min(slowest, _slowest(timed))
    if slowest > _SLOW * limit:
        faults.append(
            f"reference.py: takes {slowest:.2g} s, too near to limits.call_s = {limit:g}"
        )
    found = (
        f"{hidden.score or 0:g} of {hidden.max_score:g} points, "
        f"{slowest * 1000:.2g} ms for its slowest case"
    )
    return Check("reference", found, tuple(faults))


def _slowest(report: Report) -> float:
    """Return the seconds of the slowest case."""
    return max((case.duration_s for case in report.cases), default=0.0)


def lost_points(report: Report) -> bool:
    """Return whether a report has anything but all points."""
    return (
        report.status is not Status.GRADED or report.score != report.max_score
    )


def what_failed(report: Report) -> str:
    """Return what a report says of its failed cases, in one line."""
    failed = [
        case for case in report.cases if case.verdict is not Verdict.PASSED
    ]
    if report.status is not Status.GRADED:
        return report.message
    messages = [f"{case.name}: {case.message}" for case in failed]
    return " ".join(" ".join([report.message, *messages]).split())


def _without_cases(report: Report) -> Report:
    """Return a report without its cases, whose durations differ from run to run."""
    return msgspec.structs.replace(report, cases=())


def check_inputs(bench: Bench) -> Check:
    """Check that each secret gives new inputs, and that the reference is sound on all of them.

    Sound means: it returns something that can be sent, finite numbers, and the same twice.
    """
    faults: list[str] = []
    drawn: dict[str, set[bytes]] = {}
    drawn_trials = 0
    for number in range(bench.secrets):
        for case in bench.judge.draw(number):
            drawn.setdefault(
                case.name,
                set(),
            ).add(_digest(case))
            drawn_trials += len(case.trials)
            for trial in case.trials:
                faults += _reference_faults(bench, trial)
    faults += _repeated(bench, drawn)
    faults += _probe_faults(bench)
    trials, secrets = (
        count(drawn_trials, "trial"),
        count(bench.secrets, "secret"),
    )
    found = f"{trials} drawn with {secrets}"
    return Check(
        "hidden inputs",
        found,
        tuple(dict.fromkeys(faults)),
    )


def _repeated(
    bench: Bench,
    drawn: dict[str, set[bytes]],
) -> Iterator[str]:
    """Yield the cases whose inputs come again, so that a resubmission may know them."""
    few = few_inputs(bench)
    script = bench.solutions.script
    file = "cases.toml" if script is None else "cases.py"
    said = 'few_inputs = ["{}"]' if script is None else 'FEW_INPUTS = ("{}",)'
    for name, seen in drawn.items():
        repeated = bench.secrets - len(seen)
        if repeated and name not in few:
            yield (
                f"{file}: case {name!r}: {repeated} of {bench.secrets} draws repeat an earlier "
                f"one: widen the ranges, or write {said.format(name)} if there are no more"
            )


def few_inputs(bench: Bench) -> tuple[str, ...]:
    """Return the names of the cases that have few inputs, as their author says."""
    script = bench.solutions.script
    return bench.solutions.few_inputs if script is None else script.few_inputs


def _digest(case: Case) -> bytes:
    digest = hashlib.sha256()
    for trial in case.trials:
        for value in trial.args:
            _add(value, digest.update)
    return digest.digest()


def _add(
    value: Value,
    update: Callable[[bytes], None],
) -> None:
    if isinstance(value, np.ndarray):
        update(f"{value.dtype}{value.shape}".encode() + value.tobytes())
    elif isinstance(value, dict):
        for key, item in value.items():
            update(repr(key).encode())
            _add(item, update)
    elif isinstance(value, list | tuple):
        for item in value:
            _add(item, update)
    elif isinstance(value, Random):
        update(value.state.encode())
    else:
        update(repr(value).encode("utf-8", "replace"))


def _probe_faults(bench: Bench) -> Iterator[str]:
    """Yield what is wrong with the reference for the size that is tried without being graded."""
    for number in range(bench.secrets):
        secret = f"validate {number}".encode()
        probe = draw_probe(
            bench.exercise, bench.solutions, "sha256:validate", secret
        )
        if probe is not None:
            for fault in _reference_faults(bench, probe):
                # No case has the name that the probe is drawn with.
                yield fault.replace(repr(probe.case), "[probe] of cases.toml")


def _reference_faults(
    bench: Bench,
    trial: Trial,
) -> Iterator[str]:
    at = f"reference.py: case {trial.case!r}, trial {trial.name!r}: the reference"
    try:
        value = bench.judge.ask(trial).expected
        again = bench.judge.ask(trial).expected
    except ExerciseError as error:
        yield from error.faults
        return
    unsent = unsent_in(value)
    if unsent is not None:
        yield (
            f"{at} returns {unsent}, which cannot be sent: return numbers, text, arrays, lists, "
            "tuples and dicts"
        )
    elif not is_finite(value):
        yield f"{at} returns something other than finite numbers"
    elif not same_values(value, again):
        yield f"{at} returns two different results: {short(value)}, then {short(again)}"
