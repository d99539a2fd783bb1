"""Try in a child process, once, all that an author's code is asked to do here afterwards.

This process cannot interrupt a reference that hangs, and does not survive one that ends it. So the
child tries everything first, and what hangs or dies there is reported as a fault of its file.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.authoring.answers import known_answers, source_of
from grader.authoring.bounded import Ended, in_child, spread
from grader.authoring.judge import Judge
from grader.authoring.local import Program
from grader.errors import ExerciseError
from grader.exercise import load_both
from grader.exercise.author_file import run_file
from grader.exercise.files import label
from grader.model import Exercise, Solutions, Trial

_SECONDS: Final = 10.0
_FILES: Final = ("reference.py", "cases.py", "check.py", "misconceptions.py")
_TWICE: Final = 2
"""Secrets that are tried."""


class Step(msgspec.Struct, frozen=True):
    """One thing that is tried, and what a fault of it is called."""

    at: str
    work: Callable[[], Any]
    """Returns the faults."""


def rehearse_loading(public: Path, hidden: Path) -> None:
    """Load both halves in a child; raise `ExerciseError` with all faults of all files."""

    def load() -> list[str]:
        try:
            load_both(public, hidden)
        except ExerciseError as error:
            return list(error.faults)
        return []

    found = in_child(load, _SECONDS)
    if not isinstance(found, Ended):
        if found:
            raise ExerciseError(*found)
        return
    # Some file does not end: which?
    faults = [
        fault
        for name in _FILES
        if (hidden / name).is_file()
        for fault in _tried_alone(hidden / name)
    ]
    raise ExerciseError(*(faults or [f"{hidden.name}: {found.why} to be read"]))


def _tried_alone(path: Path) -> Iterator[str]:
    def run() -> list[str]:
        faults: list[str] = []
        run_file(path, faults)
        return faults

    found = in_child(run, _SECONDS)
    if isinstance(found, Ended):
        yield f"{label(path)}: {found.why} when it is loaded; what it defines has to end at once"
    else:
        yield from found


def rehearse(exercise: Exercise, solutions: Solutions) -> list[str]:
    """Draw, run the reference, the known answers and the checks; return what does not end.

    What raises or is wrong is found again afterwards, with all that can be said about it.
    """
    judge = Judge(exercise, solutions)
    steps = list(_drawing(judge))
    faults = list(_performed(steps))
    if faults:
        return faults
    return list(_performed([*_references(judge), *_answers(judge)]))


def _performed(steps: Sequence[Step]) -> Iterator[str]:
    found = spread([step.work for step in steps], _SECONDS)
    for number, faults in found:
        if isinstance(faults, Ended):
            yield f"{steps[number].at}: {faults.why}; it has to end by itself, and at once"
        else:
            yield from faults


def _drawing(judge: Judge) -> Iterator[Step]:
    """Draw each case by itself, so that one that never ends has a name."""
    script = judge.solutions.script
    if script is None:
        yield Step("cases.toml", functools.partial(_drawn, judge))
        return
    for case in script.cases:
        alone = msgspec.structs.replace(script, cases=(case,))
        solutions = msgspec.structs.replace(judge.solutions, script=alone)
        one = Judge(judge.exercise, solutions)
        line = case.draw.__code__.co_firstlineno
        at = f"{label(script.path)}, line {line}: case {case.name!r}"
        yield Step(at, functools.partial(_drawn, one))


def _drawn(judge: Judge) -> list[str]:
    try:
        for number in range(_TWICE):
            judge.draw(number)
    except ExerciseError as error:
        return list(error.faults)
    return []


def _references(judge: Judge) -> Iterator[Step]:
    file = f"{judge.exercise.name}/reference.py"
    for case in judge.draw(0):
        for trial in case.trials:
            at = f"{file}: case {case.name!r}, {trial.name}"
            yield Step(at, functools.partial(_referred, judge, trial))


def _answers(judge: Judge) -> Iterator[Step]:
    exercise, solutions = judge.exercise, judge.solutions
    trials = [trial for case in judge.draw(0) for trial in case.trials]
    for answer in known_answers(exercise, solutions):
        at = f"{exercise.name}/misconceptions.py, line {answer.line}: {answer.name}"
        source = source_of(exercise, solutions, answer.name)
        yield Step(at, functools.partial(_answered, judge, source, trials, at))


def _answered(
    judge: Judge, source: str, trials: Sequence[Trial], at: str
) -> list[str]:
    program = Program(judge.exercise, source)
    for trial in trials:
        program.outcome(trial)
    if program.ended:
        return [f"{at}: does not end in the time of one call"]
    return []


def _referred(judge: Judge, trial: Trial) -> list[str]:
    # An exception is reported later, with the case and the line.
    with contextlib.suppress(Exception):
        judge.ask(trial)
    return []
