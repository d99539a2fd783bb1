"""Read both halves of an exercise, and report what is wrong in all of their files at once."""

from pathlib import Path
from typing import Any

from grader.errors import ExerciseError
from grader.exercise.author_file import Names, run_file
from grader.exercise.cases_table import CasesTable, cases_faults
from grader.exercise.checks import read_checks
from grader.exercise.examples import read_examples
from grader.exercise.files import (
    add_new,
    digest_folder,
    label,
    read_data,
    read_table,
    read_toml,
)
from grader.exercise.given_files import file_digests, file_faults
from grader.exercise.lookup import (
    CASES_FILE,
    CHECK_FILE,
    EXERCISE_FILE,
    REFERENCE_FILE,
    SCRIPT_FILE,
    find_exercise,
    is_exercise_name,
)
from grader.exercise.record import grading_digest, require_validated
from grader.exercise.reference import reference_faults
from grader.exercise.script import read_script
from grader.exercise.stub import Stub, read_stub
from grader.exercise.tables import (
    ExerciseTable,
    exercise_faults,
    said_by_the_stub,
)
from grader.model import Example, Exercise, Script, Solutions, Target


def load_exercise(name_or_dir: str | Path) -> Exercise:
    """Return the exercise that a name or a folder names (see `lookup.find_exercise`).

    Raises `UsageError` if there is none, `ExerciseError` with every fault if it is invalid.
    """
    exercise, faults = read_exercise(find_exercise(name_or_dir))
    if faults:
        raise ExerciseError(*faults)
    return exercise


def load_solutions(
    exercise: Exercise,
    folder: Path,
    *,
    validated: bool = True,
) -> Solutions:
    """Return the hidden half in `folder`; its `reference.py` is run, and so is its `cases.py`.

    Raises `ExerciseError` with every fault, and before anything is run if the hidden half was not
    validated with this exercise. Only its author's self-check may pass `validated=False`.
    """
    if validated:
        require_validated(exercise, folder)
    solutions, faults = read_solutions(exercise, folder)
    if faults:
        raise ExerciseError(*faults)
    return solutions


def load_both(
    public: Path,
    hidden: Path,
) -> tuple[Exercise, Solutions]:
    """Return both halves of an exercise that may not be validated; for its author's self-check.

    Raises `ExerciseError` with every fault of both halves.
    """
    exercise, faults = read_exercise(find_exercise(public))
    solutions, more = read_solutions(exercise, hidden)
    if faults or more:
        raise ExerciseError(*faults, *more)
    return exercise, solutions


def read_exercise(folder: Path) -> tuple[Exercise, list[str]]:
    """Return the public half in a folder, and every fault; with faults it is not whole."""
    path = folder / EXERCISE_FILE
    values, faults = read_data(path)
    table = None
    stub = Stub()
    examples: tuple[Example, ...] = ()
    if not faults:
        superfluous = [
            f"{label(path)}: {each}" for each in said_by_the_stub(values)
        ]
        table, faults = read_table(path, values, ExerciseTable)
        faults += superfluous
        stub = read_stub(folder, faults)
        examples, example_faults = read_examples(table, stub.targets)
        more = [*exercise_faults(table, stub.targets), *example_faults]
        add_new(path, more, faults)
        faults += file_faults(path, table.files)
    if not is_exercise_name(folder.name):
        faults.append(
            f"{folder.name}: is not a valid exercise name, and a folder's name is the name "
            "of its exercise: use letters, digits, - and _"
        )
    table = table or ExerciseTable(title="", example=())
    return _exercise(
        folder,
        table,
        stub,
        examples,
        values,
    ), faults


def _exercise(
    folder: Path,
    table: ExerciseTable,
    stub: Stub,
    examples: tuple[Example, ...],
    values: dict[str, Any],
) -> Exercise:
    first = next(iter(stub.targets), Target(name=""))
    files = file_digests(folder, table.files)
    return Exercise(
        name=folder.name,
        title=table.title,
        function=first.name,
        arguments=tuple(
            each.name for each in first.parameters if not each.optional
        ),
        targets=tuple(_with_parts(each, table) for each in stub.targets),
        given=stub.given,
        points=table.points,
        limits=table.limits,
        tolerance=table.tolerance,
        comparison=table.comparison,
        picture=table.picture,
        hand_in=table.hand_in,
        speed=table.speed,
        rules=table.rules,
        missing=table.missing,
        files=table.files,
        preload=table.preload,
        packages=table.packages,
        examples=examples,
        stub=stub.text,
        file=stub.file,
        folder=folder,
        digest=digest_folder(folder),
        grading_digest=grading_digest(values, stub.text, files),
    )


def _with_parts(
    target: Target,
    table: ExerciseTable,
) -> Target:
    return Target(
        name=target.name,
        is_class=target.is_class,
        parameters=target.parameters,
        methods=target.methods,
        parts=table.parts.get(target.name, ()),
    )


def read_solutions(
    exercise: Exercise,
    folder: Path,
) -> tuple[Solutions, list[str]]:
    """Return the hidden half in a folder, and every fault; with faults it is not whole."""
    faults: list[str] = []
    path = folder / REFERENCE_FILE
    names = _run(path, exercise, faults)
    if names is not None:
        faults += reference_faults(names, path, exercise.targets)
    names = names or {}
    script, table = _cases(exercise, folder, faults)
    cases = [each.name for each in (script.cases if script else table.case)]
    solutions = Solutions(
        reference=names.get(exercise.function, _absent),
        names=names,
        script=script,
        checks=_checks(
            exercise,
            folder,
            cases,
            faults,
        ),
        cases=table.case,
        trials=table.trial,
        probe=table.probe,
        few_inputs=table.few_inputs,
        folder=folder.resolve(),
        digest=digest_folder(folder, deep=False),
    )
    return solutions, faults


def _absent(*_args: object, **_kwargs: object) -> None:
    """Stand for a reference that could not be read."""


def _run(
    path: Path,
    exercise: Exercise,
    faults: list[str],
) -> Names | None:
    return run_file(
        path,
        faults,
        exercise.folder,
        exercise.files,
    )


def _cases(
    exercise: Exercise,
    folder: Path,
    faults: list[str],
) -> tuple[Script | None, CasesTable]:
    """Return the cases of cases.py, or else those of cases.toml."""
    none = CasesTable(case=(), trial=())
    path, script = folder / CASES_FILE, folder / SCRIPT_FILE
    if script.is_file() and path.is_file():
        faults.append(
            f"{folder.name}: has {SCRIPT_FILE} and {CASES_FILE}; keep one"
        )
    if script.is_file():
        names = _run(script, exercise, faults)
        if names is None:
            return Script(path=script, cases=()), none
        return read_script(
            names,
            script,
            exercise.points,
            faults,
        ), none
    if not path.is_file():
        faults.append(
            f"{folder.name}: there is no {SCRIPT_FILE} and no {CASES_FILE}; write one of them"
        )
        return None, none
    table, found = read_toml(path, CasesTable)
    faults += found
    if table is None:
        return None, none
    add_new(path, cases_faults(table, exercise.arguments), faults)
    return None, table


def _checks(
    exercise: Exercise,
    folder: Path,
    cases: list[str],
    faults: list[str],
) -> dict[str, Any]:
    path = folder / CHECK_FILE
    names = _run(path, exercise, faults) if path.is_file() else None
    if names is None:
        return {}
    return {
        **read_checks(
            names,
            path,
            exercise.targets,
            cases,
            faults,
        )
    }
