"""Read an exercise: its public half becomes an `Exercise`, its hidden half `Solutions`.

An exercise is a folder, not code in the grader: `exercise.toml`, `README.md` (the statement) and
`<function>.py` (the stub). Its hidden half is a folder of the same name under `solutions/` with
`reference.py` and `cases.toml`. Both halves are written by the author, so they are trusted. They
are read strictly all the same, because authors mistype, and all faults are reported at once.
"""

from pathlib import Path

from grader.errors import ExerciseError
from grader.exercise.choice import public_half_to_check, public_half_to_grade
from grader.exercise.files import (
    add_new,
    digest_folder,
    read_data,
    read_table,
    read_text,
    read_toml,
)
from grader.exercise.lookup import (
    CASES_FILE,
    EXERCISE_FILE,
    REFERENCE_FILE,
    find_exercise,
    is_exercise_name,
)
from grader.exercise.record import (
    grading_digest,
    record_validation,
    require_validated,
)
from grader.exercise.run_reference import load_reference
from grader.exercise.tables import (
    CasesTable,
    ExerciseTable,
    cases_faults,
    exercise_faults,
    read_examples,
)
from grader.exercise.trust import find_public_half, find_solutions
from grader.model import Example, Exercise, Solutions

__all__ = [
    "find_public_half",
    "find_solutions",
    "load_exercise",
    "load_solutions",
    "public_half_to_check",
    "public_half_to_grade",
    "record_validation",
    "require_validated",
]


def load_exercise(name_or_dir: str | Path) -> Exercise:
    """Return the exercise that a name or a folder names (see `lookup.find_exercise`).

    Raises `UsageError` if there is none, `ExerciseError` with every fault if it is invalid.
    """
    folder = find_exercise(name_or_dir)
    path = folder / EXERCISE_FILE
    values, faults = read_data(path)
    table = None
    stub = ""
    examples: tuple[Example, ...] = ()
    if not faults:
        table, faults = read_table(path, values, ExerciseTable)
        examples, example_faults = read_examples(table)
        add_new(path, [*exercise_faults(table), *example_faults], faults)
        if table.function.isidentifier():
            stub = read_text(folder / f"{table.function}.py", faults)
    if not is_exercise_name(folder.name):
        faults.append(
            f"{folder.name}: is not a valid exercise name, and a folder's name is the name "
            "of its exercise: use letters, digits, - and _"
        )
    if faults or table is None:
        raise ExerciseError(*faults)
    return Exercise(
        name=folder.name,
        title=table.title,
        function=table.function,
        arguments=table.arguments,
        points=table.points,
        limits=table.limits,
        tolerance=table.tolerance,
        rules=table.rules,
        preload=table.preload,
        packages=table.packages,
        examples=examples,
        stub=stub,
        folder=folder,
        digest=digest_folder(folder),
        grading_digest=grading_digest(values, stub),
    )


def load_solutions(
    exercise: Exercise, folder: Path, *, validated: bool = True
) -> Solutions:
    """Return the hidden half in `folder`; its `reference.py` is run.

    Raises `ExerciseError` with every fault, and before anything is run if the hidden half was not
    validated with this exercise. Only its author's self-check may pass `validated=False`.
    """
    if validated:
        require_validated(exercise, folder)
    path = folder / CASES_FILE
    table, faults = read_toml(path, CasesTable)
    if table is not None:
        add_new(path, cases_faults(table, exercise.arguments), faults)
    reference = load_reference(
        folder / REFERENCE_FILE, exercise.function, faults
    )
    if faults or table is None or reference is None:
        raise ExerciseError(*faults)
    return Solutions(
        reference=reference,
        cases=table.case,
        trials=table.trial,
        probe=table.probe,
        folder=folder.resolve(),
        digest=digest_folder(folder, deep=False),
    )
