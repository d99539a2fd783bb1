"""From a folder of results to the story of one student's grade.

What was given to a function stands in its report, but not the types of its numbers, and no array of
more than 400 values. Where the hidden half is trusted, as for `grade`, the inputs are drawn again
from the secret, and count only if they are those of the report.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from grader.batch.roll import function_of
from grader.cases import Secret, draw_cases, replay
from grader.classbook.adjustments import some
from grader.classbook.grades import GradedStudent, read_gradebook
from grader.classbook.rows import MISSING
from grader.classbook.story import Call, as_array, nothing, story
from grader.classbook.whose import whose
from grader.compare.details import shown
from grader.compare.script import input_names, script_of
from grader.errors import UsageError
from grader.exercise import load_exercise, load_solutions
from grader.exercise.trust import Trusted, trusted
from grader.model import CaseReport, Earlier, Report, Trial, Value
from grader.opening import Folder, Patience
from grader.render.json import read_report_below
from grader.strict import did_you_mean


class Explained(NamedTuple):
    """A text for a student, and what its sender should know."""

    text: str
    warning: str = ""


def explain(
    results: Path, who: str, solutions: Path | None, secret: Secret
) -> Explained:
    """Return the story of the grade of one student, named by id, address, name or file.

    Raises UsageError, naming the candidates, where nobody or several are meant.
    """
    student = _student(results, who)
    if student.status == MISSING:
        return Explained(nothing(student))
    with Patience() as patience:
        report = read_report_below(Folder(results, patience), student.report)
    failed = [
        case
        for case in report.cases
        if case.details.expected is not None
        or case.details.expected_shape is not None
    ]
    calls = {case.name: call for case in failed if (call := _saved(case))}
    warning = ""
    found = trusted(solutions)
    if failed and found is None:
        warning = (
            "the types of the inputs are guessed; with --solutions and the secret "
            "they are drawn again"
        )
    elif failed and found is not None:
        drawn = _drawn(report, failed, found, secret)
        calls |= drawn
        if not drawn:
            warning = (
                "the inputs were drawn with another secret or another exercise, so their types "
                "are guessed; give --secret-file"
            )
    function = function_of(results) or "your_function"
    return Explained(story(student, report, function, calls), warning)


def _student(results: Path, who: str) -> GradedStudent:
    rows = {row.report: row for row in read_gradebook(results)}
    students = {name: row.student for name, row in rows.items()}
    names = whose(students, who)
    if len(names) == 1:
        return rows[names[0]]
    if names:
        raise UsageError(
            f"{who}: may be {some(names, students)}; give the id, or the name of the report"
        )
    known = [
        each
        for name, student in students.items()
        for each in (student.id, student.email, student.name, name)
    ]
    raise UsageError(
        f"{who}: nobody in {results / 'gradebook.csv'} has this id, e-mail address, name or file"
        f"{did_you_mean(who, known)}"
    )


def _saved(case: CaseReport) -> Call | None:
    """Return the call as the report has it; None where an array was too big for it."""
    details = case.details
    inputs = details.inputs or {}
    values = [*inputs.values(), details.expected]
    if not inputs or details.part or any(each is None for each in values):
        return None
    return Call(
        {name: _typed(each) for name, each in inputs.items()},
        _numbers(details.expected),
        (*details.script[:-1], f"print({details.script[-1]})")
        if details.script
        else (),
    )


def _numbers(nested: Value) -> Value:
    """Return nested lists of numbers as an array, and any other value as it is."""
    if not isinstance(nested, list):
        return nested
    try:
        return as_array(nested)
    except (TypeError, ValueError):
        return nested


def _typed(nested: Value) -> Value:
    """Return an array of whole numbers as integers: they nearly always were."""
    array = _numbers(nested)
    if not isinstance(array, np.ndarray):
        return array
    is_whole = np.isfinite(array).all() and (array == np.floor(array)).all()
    return array.astype(np.int64) if is_whole else array


def _drawn(
    report: Report,
    failed: list[CaseReport],
    found: Trusted,
    secret: Secret,
) -> Mapping[str, Call]:
    """Return the calls drawn again; empty where they are not those of the report."""
    name = report.exercise.name
    exercise = load_exercise(found.public_half(name))
    hidden = load_solutions(exercise, found.hidden_half(name))
    cases = draw_cases(exercise, hidden, report.submission.digest, secret.value)
    trials = {
        (case.name, trial.name): trial
        for case in cases
        for trial in case.trials
    }
    calls = {}
    for case in failed:
        trial = trials.get((case.name, case.details.trial or ""))
        if trial is None or not _is_the_same(case, exercise.arguments, trial):
            return {}
        names = input_names(trial, exercise.arguments)
        inputs = {
            name: value
            for name, value in zip(names, trial.args, strict=True)
            if not isinstance(value, Earlier)
        }
        right = replay(trial, exercise.function, hidden.names)
        lines = script_of(trial, exercise.arguments, of_several=True)
        calls[case.name] = Call(inputs, right, _printing(lines, trial))
    return calls


def _printing(lines: tuple[str, ...], trial: Trial) -> tuple[str, ...]:
    """Return the lines of a script with what they give printed, where it is part of the result."""
    if len(lines) != len(trial.calls):
        return (*lines[:-1], f"print({lines[-1]})") if lines else ()
    printing = []
    for line, call in zip(lines, trial.calls, strict=True):
        name, assigned, _ = line.partition(" = ")
        if not call.is_sent:
            printing.append(line)
        elif assigned and name.isidentifier():
            printing += [line, f"print({name})"]
        else:
            printing.append(f"print({line})")
    return tuple(printing)


def _is_the_same(
    case: CaseReport, arguments: tuple[str, ...], trial: Trial
) -> bool:
    saved = case.details.inputs or {}
    names = input_names(trial, arguments)
    drawn = dict(zip(names, map(shown, trial.args), strict=True))
    return {name: drawn.get(name) for name in saved} == saved
