"""From a folder to an `Exercise`, and from its hidden half to `Solutions`.

An exercise is a folder, not code in the grader: `exercise.toml`, `README.md` (the statement) and
`<function>.py` (the stub). Its hidden half is a folder of the same name under `solutions/`:
`reference.py` and `cases.toml`. Both are the author's, so they are trusted; they are read strictly
because authors mistype, and all faults are reported at once.
"""

import re
import traceback
import types
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.errors import ExerciseError, UsageError
from grader.exercise.files import (
    add_new,
    digest_folder,
    label,
    read_text,
    read_toml,
    reason,
)
from grader.exercise.tables import (
    CasesTable,
    ExerciseTable,
    cases_faults,
    exercise_faults,
    read_examples,
)
from grader.model import Array, Example, Exercise, Solutions
from grader.strict import did_you_mean

__all__ = ["find_solutions", "load_exercise", "load_solutions"]

EXERCISE_FILE = "exercise.toml"
CASES_FILE = "cases.toml"
REFERENCE_FILE = "reference.py"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


# ---------------------------------------------------------------------------------------------------- where they are


def load_exercise(name_or_dir: str | Path) -> Exercise:
    """Read the exercise that a name or a folder names.

    A name is looked for under `exercises/` in the working folder and its parents, then beside the
    package (a checkout), then inside it (a wheel). Raises `UsageError` where there is none,
    `ExerciseError` with every fault where there is one that is invalid.
    """
    folder = _find(name_or_dir)
    table, faults = read_toml(folder / EXERCISE_FILE, ExerciseTable)
    stub = ""
    examples: tuple[Example, ...] = ()
    if table is not None:
        examples, more = read_examples(table)
        add_new(folder / EXERCISE_FILE, [*exercise_faults(table), *more], faults)
        if table.function.isidentifier():
            stub = read_text(folder / f"{table.function}.py", faults)
    if not _NAME.fullmatch(folder.name):
        faults.append(
            f"{folder.name}: the folder's name is the exercise's name: use letters, digits, - and _"
        )
    if faults or table is None:
        raise ExerciseError(*faults)
    return Exercise(
        name=folder.name, title=table.title, function=table.function, arguments=table.arguments, points=table.points,
        limits=table.limits, tolerance=table.tolerance, rules=table.rules, preload=table.preload, examples=examples,
        stub=stub, folder=folder, digest=digest_folder(folder),
    )  # fmt: skip


def find_solutions(exercise: Exercise, given: Path | None = None) -> Path:
    """Find the hidden half: `given/NAME` (or `given` itself), else `solutions/NAME` beside the `exercises/` it is in.

    Raises `UsageError` where there is none, as on a student's machine.
    """
    if given is not None:
        if not given.is_dir():
            raise UsageError(f"{given}: there is no such folder (--solutions)")
        for folder in (given / exercise.name, given):
            if (folder / REFERENCE_FILE).is_file() or (folder / CASES_FILE).is_file():
                return folder.resolve()
        raise UsageError(
            f"{given}: holds no {exercise.name}/{REFERENCE_FILE} (--solutions)"
        )
    folder = exercise.folder.parent.parent / "solutions" / exercise.name
    if not folder.is_dir():
        raise UsageError(
            f"The hidden tests of {exercise.name} are not here: add --solutions DIR, or use `grader check` for the "
            "public examples."
        )
    return folder


def _find(name_or_dir: str | Path) -> Path:
    given = Path(name_or_dir)
    is_name = isinstance(name_or_dir, str) and _NAME.fullmatch(name_or_dir) is not None
    try:
        candidates = [given, *(place / given for place in _places() if is_name)]
        # First what really is an exercise: a student's own folder beside it may have the same name.
        for is_one in (lambda folder: (folder / EXERCISE_FILE).is_file(), Path.is_dir):
            for folder in filter(is_one, candidates):
                return folder.resolve()
        if given.exists():
            raise UsageError(
                f"{given}: is a file; --exercise takes the folder that holds {EXERCISE_FILE}"
            )
        known = sorted(
            {folder.name for place in _places() for folder in _folders(place)}
        )
    except (OSError, ValueError) as error:
        raise UsageError(f"{given}: cannot be opened ({reason(error)})") from error
    if not is_name:
        raise UsageError(f"{given}: there is no such folder (--exercise)")
    raise UsageError(
        f"{given}: there is no exercise of this name{did_you_mean(str(given), known)}"
    )


def _places() -> Iterator[Path]:
    here = Path.cwd()
    package = Path(__file__).resolve().parents[1]
    for parent in (here, *here.parents, package.parent, package):
        yield parent / "exercises"


def _folders(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from (
            folder for folder in place.iterdir() if (folder / EXERCISE_FILE).is_file()
        )


# ------------------------------------------------------------------------------------------------------ the hidden half


def load_solutions(exercise: Exercise, folder: Path) -> Solutions:
    """Run `reference.py` (the author's, trusted) and read `cases.toml`; raises `ExerciseError` with every fault."""
    table, faults = read_toml(folder / CASES_FILE, CasesTable)
    if table is not None:
        add_new(folder / CASES_FILE, cases_faults(table, exercise.arguments), faults)
    reference = _reference(folder / REFERENCE_FILE, exercise.function, faults)
    if faults or table is None or reference is None:
        raise ExerciseError(*faults)
    return Solutions(
        reference=reference,
        cases=table.case,
        trials=table.trial,
        folder=folder.resolve(),
        digest=digest_folder(folder, deep=False),
    )


def _reference(
    path: Path, function: str, faults: list[str]
) -> Callable[..., Array] | None:
    source = read_text(path, faults)
    if not source:
        return None
    # Compiled here rather than imported: the author's folder gets no __pycache__, and sys.modules
    # no new name.
    module = types.ModuleType("reference")
    module.__file__ = str(path)
    try:
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - the author's file
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever the author's file does, the answer is one line
        faults.append(
            f"{label(path)}{_line(error, path)}: {type(error).__name__}: {reason(error)}"
        )
        return None
    reference = getattr(module, function, None)
    if not callable(reference):
        known = [
            name
            for name, value in vars(module).items()
            if isinstance(value, types.FunctionType)
        ]
        faults.append(
            f"{label(path)}: defines no function {function}{did_you_mean(function, known)}"
        )
        return None
    found: Callable[..., Array] = reference
    return found


def _line(error: BaseException, path: Path) -> str:
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    return f", line {frames[-1].lineno}" if frames else ""
